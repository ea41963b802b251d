import type { ReadableDb } from '../../../../db/handle.ts';
import { readBody } from '../../../../db/ledger/bodies.ts';
import type { LinesFacts } from '../../../../db/ledger/entry.ts';
import { entries, type OpenedEntry } from '../../../../db/ledger/read.ts';
import { membersOf } from '../../../engagement/view.ts';
import { asObject, asText, eventMillis, type JsonObject } from '../parse-record.ts';
import { baseName, parseObjectKey } from './object-key.ts';
import { digestKeys } from './public-keys.ts';
import type { DigestInput, ReadDigest, ReadLog } from './types.ts';

/** What the ledger holds for validating digests of one snapshot: observed objects and imported files. */
export function digestInput(db: ReadableDb, snapshot: string, from: number): DigestInput {
  const digests = new Map<string, ReadDigest>();
  const logs = new Map<string, ReadLog>();
  const failures = new Map<string, string>();
  for (const entry of entries(db, 'exchange', {
    op: 'aws.s3.GetObject',
    snapshot: membersOf(db, snapshot),
  })) {
    const params = parsed(entry.values.params);
    const [bucket, object] = [asText(params.Bucket), asText(params.Key)];
    const name = object === null ? null : parseObjectKey(object);
    if (bucket === null || object === null || !name) continue;
    const { outcome, errorCode, lines } = entry.facts;
    const at = `${bucket}/${object}`;
    if (outcome !== 'ok') {
      if (!digests.has(at) && !logs.has(at)) failures.set(object, errorCode ?? outcome);
      continue;
    }
    failures.delete(object);
    if (name.kind === 'log' && lines) logs.set(at, readLog(entry.seq, bucket, object, lines));
    else if (name.kind === 'digest') {
      const headers = parsed(entry.values.headers);
      digests.set(at, {
        ...{ seq: entry.seq, bucket, object, body: bodyOf(db, entry), noMetadata: null },
        signature: asText(headers['x-amz-meta-signature']),
        algorithm: asText(headers['x-amz-meta-signature-algorithm']),
      });
    }
  }
  addImported(db, snapshot, digests, logs);
  return {
    digests: [...digests.values()],
    logs: [...logs.values()],
    failures,
    keys: digestKeys(publicKeyAnswers(db, snapshot)),
    from,
  };
}

/** Imported digests take their metadata from a saved `aws s3api head-object` beside them. */
function addImported(
  db: ReadableDb,
  snapshot: string,
  digests: Map<string, ReadDigest>,
  logs: Map<string, ReadLog>,
): void {
  const heads = new Map<string, JsonObject>();
  const given: OpenedEntry<'import'>[] = [];
  for (const entry of entries(db, 'import', { snapshot: membersOf(db, snapshot) })) {
    if (entry.facts.outcome !== 'ok') continue;
    const { format, name, lines } = entry.facts;
    const path = entry.values.path ?? name;
    if (format === 'aws.s3.HeadObject') heads.set(name, asObject(parsedBody(db, entry).Metadata));
    else if (format === 'cloudtrail.digest') given.push(entry);
    else if (format === 'cloudtrail.log' && lines && parseObjectKey(path)) {
      logs.set(path, readLog(entry.seq, null, path, lines));
    }
  }
  for (const entry of given) {
    const path = entry.values.path ?? entry.facts.name;
    const head = [...heads].find(([name]) => describes(name, baseName(path)))?.[1];
    digests.set(path, {
      ...{ seq: entry.seq, bucket: null, object: path, body: bodyOf(db, entry) },
      signature: head ? asText(head.signature) : null,
      algorithm: head ? asText(head['signature-algorithm']) : null,
      noMetadata: head
        ? null
        : 'its signature is metadata of its S3 object, which a file does not have. Save "aws s3api head-object" beside it under its name and .head.json',
    });
  }
}

/** `<digest file>.head.json`, `<digest file>.metadata.json` and the like. */
function describes(headName: string, digestName: string): boolean {
  const bare = digestName.replace(/\.json(\.gz)?$/, '');
  return headName !== digestName && headName.startsWith(bare);
}

function* publicKeyAnswers(
  db: ReadableDb,
  snapshot: string,
): Generator<{ region: string | null; body: unknown }> {
  const op = 'aws.cloudtrail.ListPublicKeys';
  const members = membersOf(db, snapshot);
  for (const entry of entries(db, 'exchange', { op, snapshot: members })) {
    if (entry.facts.outcome !== 'ok') continue;
    yield { region: entry.facts.scope.split('/')[1] ?? null, body: parsedBody(db, entry) };
  }
  for (const entry of entries(db, 'import', { snapshot: members })) {
    if (entry.facts.format === op && entry.facts.outcome === 'ok') {
      yield { region: null, body: parsedBody(db, entry) };
    }
  }
}

function readLog(seq: number, bucket: string | null, object: string, lines: LinesFacts): ReadLog {
  const millis = (time: string | null) => (time === null ? null : eventMillis(time));
  return {
    ...{ seq, bucket, object, sha256: lines.contentSha256, failure: lines.defect },
    ...{ first: millis(lines.firstEvent), last: millis(lines.lastEvent) },
  };
}

function bodyOf(db: ReadableDb, entry: OpenedEntry): Buffer {
  const body = entry.values.body === undefined ? null : readBody(db, entry.values.body);
  return body ?? Buffer.alloc(0);
}

function parsedBody(db: ReadableDb, entry: OpenedEntry): JsonObject {
  return parsed(
    bodyOf(db, entry)
      .toString('utf8')
      .replace(/^\ufeff/, ''),
  );
}

function parsed(text: string | undefined): JsonObject {
  if (!text) return {};
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}
