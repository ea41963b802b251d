import { baseName, parseObjectKey } from './object-key.ts';
import type { Digest, DigestedFile } from './parse-digest.ts';
import type { DigestInput, DigestRow, DigestVerdict, ReadDigest, ReadLog } from './types.ts';

type FileRow = Omit<DigestRow, 'account' | 'region' | 'trail'>;

/** What became of a log file that a digest names. */
export function fileRow(
  file: DigestedFile,
  log: ReadLog | undefined,
  digest: DigestVerdict,
  input: DigestInput,
): FileRow {
  const row = (result: DigestVerdict, reason: string | null): FileRow => ({
    ...{ kind: 'log', bucket: file.bucket, object: file.object, result, reason },
    ...{ first: file.oldest, last: file.newest, seq: log?.seq ?? null },
  });
  if (!log) {
    const why = input.failures.get(file.object);
    return row('missing', why ? `it could not be read (${why})` : 'its digest names it, and it is not there');
  }
  if (log.sha256 === null) return row('not verifiable', log.failure);
  if (log.sha256 !== file.sha256) {
    const damage = log.failure === null ? '' : ` (${log.failure})`;
    return row('invalid', `it was changed: its hash is not the one in its digest${damage}`);
  }
  if (digest === 'valid') return row('valid', null);
  return row(
    'not verifiable',
    digest === 'invalid' ? 'its digest is not valid' : 'its digest cannot be verified',
  );
}

/** A digest that was read, as far as the log files beside it are concerned. */
interface Named {
  read: ReadDigest;
  digest: Pick<Digest, 'end'>;
  region: string;
}

/** Log files that no digest names. */
export function unnamedRows(known: readonly Named[], logs: LogIndex, from: number): DigestRow[] {
  const latest = new Map<string, number>();
  for (const { digest, region, read } of known) {
    const place = `${read.bucket ?? ''} ${parseObjectKey(read.object)!.account} ${region}`;
    latest.set(place, Math.max(latest.get(place) ?? -Infinity, digest.end));
  }
  const rows: DigestRow[] = [];
  for (const log of logs.left()) {
    const name = parseObjectKey(log.object);
    if (!name || (log.last !== null && log.last < from)) continue;
    const end = latest.get(`${log.bucket ?? ''} ${name.account} ${name.region}`);
    const [result, reason]: [DigestVerdict, string] =
      end === undefined
        ? ['not verifiable', 'there are no digest files of its account and Region beside it']
        : name.time >= end
          ? ['not verifiable', 'it is newer than the last digest']
          : ['undigested', 'no digest names it'];
    rows.push({
      ...{ kind: 'log', bucket: log.bucket ?? '', object: log.object, result, reason },
      ...{
        account: name.account,
        region: name.region,
        trail: '',
        first: log.first,
        last: log.last,
        seq: log.seq,
      },
    });
  }
  return rows;
}

/** Log files by where they lie; imported ones by name, which CloudTrail makes unique. */
export class LogIndex {
  readonly #byObject = new Map<string, ReadLog>();
  readonly #byName = new Map<string, ReadLog>();
  readonly #left = new Set<ReadLog>();

  constructor(logs: readonly ReadLog[]) {
    for (const log of logs) {
      if (log.bucket === null) this.#byName.set(baseName(log.object).replace(/\.gz$/, ''), log);
      else this.#byObject.set(`${log.bucket}/${log.object}`, log);
      this.#left.add(log);
    }
  }

  take(file: DigestedFile): ReadLog | undefined {
    const log =
      this.#byObject.get(`${file.bucket}/${file.object}`) ??
      this.#byName.get(baseName(file.object).replace(/\.gz$/, ''));
    if (log) this.#left.delete(log);
    return log;
  }

  left(): Iterable<ReadLog> {
    return this.#left;
  }
}
