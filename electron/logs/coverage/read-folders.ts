import type { ReadableDb } from '../../../db/handle.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { entries } from '../../../db/ledger/read.ts';
import { asObject, asText, type JsonObject } from '../cloudtrail/parse-record.ts';
import { membersOf } from '../../engagement/view.ts';
import type { ReadLog } from '../cloudtrail/digest/types.ts';
import { DELIVERY_MS } from './file-claims.ts';
import { merged } from './lookup-claims.ts';

/** Log files of one account and Region under one prefix of a bucket, and the times they were read to the end for. */
export interface ReadFolder {
  bucket: string;
  /** What stands before `AWSLogs/`. */
  root: string;
  account: string;
  region: string;
  /** ms UTC; events of this time are in files that were read. */
  parts: { start: number; end: number }[];
  seqs: number[];
  /** Listings that were refused: reason and entry. */
  refused: { reason: string; seq: number }[];
}

const DAY_MS = 86_400_000;
const FOLDER =
  /^(.*?)AWSLogs\/(?:o-[a-z0-9]+\/)?(\d{12})\/CloudTrail\/([a-z0-9-]+)\/(\d{4})\/(\d\d)\/(\d\d)\/$/;

/**
 * Which days of which folders were listed to the end with every file in them read. The day in a key is that of delivery:
 * the last minutes of a day are in the folder of the next. It does not matter which source could read a folder; that
 * another was refused it is then no gap of coverage.
 */
export function readFolders(
  db: ReadableDb,
  snapshot: string,
  logs: readonly ReadLog[],
  failures: ReadonlyMap<string, string>,
  until: number,
): ReadFolder[] {
  const folders = new Map<string, ReadFolder>();
  const days = new Map<string, { folder: ReadFolder; day: number; prefix: string; whole: boolean }>();
  for (const { seq, facts, values } of entries(db, 'exchange', {
    op: 'aws.s3.ListObjectsV2',
    snapshot: membersOf(db, snapshot),
  })) {
    const params = parse(values.params);
    const [bucket, prefix] = [asText(params.Bucket), asText(params.Prefix)];
    const match = FOLDER.exec(prefix ?? '');
    if (bucket === null || prefix === null || !match) continue;
    const [, root, account, region, y, m, d] = match;
    const key = [bucket, root, account, region].join('\n');
    let folder = folders.get(key);
    if (!folder) {
      folder = {
        ...{ bucket, root: root!, account: account!, region: region! },
        ...{ parts: [], seqs: [], refused: [] },
      };
      folders.set(key, folder);
    }
    folder.seqs.push(seq);
    if (facts.outcome !== 'ok') {
      folder.refused.push({ reason: facts.errorCode ?? facts.outcome, seq });
      continue;
    }
    const body = values.body === undefined ? null : readBody(db, values.body);
    // The last page says so; only that matters here.
    const last = body !== null && /<IsTruncated>false<\/IsTruncated>/.test(body.toString('utf8'));
    const at = days.get(`${bucket}/${prefix}`);
    const day = Date.UTC(Number(y), Number(m) - 1, Number(d));
    days.set(`${bucket}/${prefix}`, { folder, day, prefix, whole: last || at?.whole === true });
  }
  const lost = [
    ...failures.keys(),
    ...logs.filter((log) => log.failure !== null).map((log) => log.object),
  ].map((object) => object.slice(0, object.lastIndexOf('/') + 1));
  const bad = new Set(lost);
  for (const { folder, day, prefix, whole } of days.values()) {
    if (whole && !bad.has(prefix)) folder.parts.push({ start: day, end: day + DAY_MS });
  }
  for (const folder of folders.values()) {
    if (folder.parts.length > 0) folder.refused = [];
    folder.parts = merged(folder.parts)
      .map(([start, end]) => ({ start, end: Math.min(end, until) - DELIVERY_MS }))
      .filter(({ start, end }) => start < end);
  }
  return [...folders.values()];
}

function parse(text: string | undefined): JsonObject {
  return text ? asObject(JSON.parse(text)) : {};
}
