import { baseName, parseObjectKey } from './object-key.ts';
import { parseDigest, type Digest, type DigestedFile } from './parse-digest.ts';
import { isSigned, type DigestKeys } from './public-keys.ts';

/** A digest file as it was read. */
export interface ReadDigest {
  seq: number;
  /** Where it was read; null for an imported file, which only has a name. */
  bucket: string | null;
  /** Object key, or the imported file's path. */
  object: string;
  body: Buffer;
  /** Metadata of the object: the signature (hex) and its algorithm. */
  signature: string | null;
  algorithm: string | null;
  /** Why its metadata are not known; null when they are. */
  noMetadata: string | null;
}

/** A log file as it was read, or why it was not. */
export interface ReadLog {
  seq: number;
  bucket: string | null;
  object: string;
  /** SHA-256 of the uncompressed content, hex; null when it could not be read. */
  sha256: string | null;
  /** Why it could not be read. */
  failure: string | null;
  /** Event times, ms UTC. */
  first: number | null;
  last: number | null;
}

export type DigestVerdict = 'valid' | 'invalid' | 'not verifiable' | 'missing' | 'undigested';

/** What became of one digest or log file. Times in ms UTC: of a digest what it covers, of a log its events. */
export interface DigestRow {
  kind: 'digest' | 'log';
  bucket: string;
  object: string;
  result: DigestVerdict;
  reason: string | null;
  account: string;
  region: string;
  trail: string;
  first: number | null;
  last: number | null;
  seq: number | null;
}

export interface DigestInput {
  digests: readonly ReadDigest[];
  logs: readonly ReadLog[];
  /** Objects that were asked for and refused, by key, with the reason. */
  failures: ReadonlyMap<string, string>;
  keys: DigestKeys;
  /** Only from here on must everything be there (ms UTC): what is older may not have been asked for. */
  from: number;
}

interface Known {
  read: ReadDigest;
  digest: Digest;
  region: string;
  trail: string;
  chain: string;
}

/**
 * Validates digest chains and the log files they name: location, signature, links to the digest before, hashes of log
 * files, gaps. Follows "Custom implementations of CloudTrail log file integrity validation" (user guide), and checks
 * each digest's link to the one before it as well.
 */
export function validateDigests(input: DigestInput): DigestRow[] {
  const rows: DigestRow[] = [];
  const known: Known[] = [];
  for (const read of input.digests) {
    const name = parseObjectKey(read.object);
    const digest = parseDigest(read.body);
    const place = { account: name?.account ?? '', region: name?.region ?? '', trail: name?.trail ?? '' };
    if (typeof digest === 'string' || !name) {
      rows.push({
        ...{ kind: 'digest', bucket: read.bucket ?? '', object: read.object, result: 'invalid' },
        reason: typeof digest === 'string' ? digest : 'its name is not one of a digest file',
        ...{ ...place, first: null, last: name?.time ?? null, seq: read.seq },
      });
      continue;
    }
    const chain = [digest.bucket, name.account, name.region, name.trail, name.backfill].join('\n');
    known.push({ read, digest, region: name.region, trail: name.trail, chain });
  }
  const logs = new LogIndex(input.logs);
  for (const members of Map.groupBy(known, (k) => k.chain).values()) {
    rows.push(...validateChain(members, input, logs));
  }
  rows.push(...leftOver(known, logs, input));
  return rows;
}

function validateChain(members: Known[], input: DigestInput, logs: LogIndex): DigestRow[] {
  members.sort((a, b) => a.digest.end - b.digest.end || (a.read.object < b.read.object ? -1 : 1));
  const byObject = new Map(members.map((member) => [member.digest.object, member]));
  const rows: DigestRow[] = [];
  members.forEach((member, i) => {
    const { read, digest, region, trail } = member;
    const place = { account: parseObjectKey(read.object)!.account, region, trail };
    const older = members[i - 1];
    const { previous } = digest;
    const before = previous && byObject.get(previous.object);
    const fault = ownFault(member, input.keys) ?? (before ? linkFault(digest, before) : null);
    const result = fault?.result ?? 'valid';
    let reason = fault?.reason ?? null;
    if (!previous && older && older.digest.end < digest.start && !fault) {
      reason = `it begins a new chain: no log files were delivered, or their validation was off, from ${iso(older.digest.end)} to ${iso(digest.start)}`;
    }
    rows.push({
      ...{ kind: 'digest', bucket: digest.bucket, object: digest.object, result, reason },
      ...{ ...place, first: digest.start, last: digest.end, seq: read.seq },
    });
    if (previous && !before && (older || digest.start > input.from)) {
      const why = input.failures.get(previous.object);
      rows.push({
        ...{ kind: 'digest', bucket: previous.bucket, object: previous.object, result: 'missing' },
        reason: why
          ? `it could not be read (${why})`
          : 'the digest after it names it, and it is not in the bucket',
        ...{ ...place, first: older?.digest.end ?? null, last: digest.start, seq: null },
      });
    }
    for (const file of digest.files) {
      if (file.newest !== null && file.newest < input.from) {
        logs.take(file);
        continue;
      }
      rows.push({ ...place, ...fileRow(file, logs.take(file), result, input) });
    }
  });
  return rows;
}

interface Fault {
  result: 'invalid' | 'not verifiable';
  reason: string;
}

/** What is wrong with a digest by itself: where it lies, and its signature. */
function ownFault({ read, digest, region }: Known, keys: DigestKeys): Fault | null {
  const invalid = (reason: string): Fault => ({ result: 'invalid', reason });
  const open = (reason: string): Fault => ({ result: 'not verifiable', reason });
  const moved =
    read.bucket === null
      ? baseName(read.object) !== baseName(digest.object)
      : read.bucket !== digest.bucket || read.object !== digest.object;
  if (moved) return invalid(`it was moved: it says that it is ${digest.bucket}/${digest.object}`);
  if (read.noMetadata !== null) return open(read.noMetadata);
  if (read.signature === null || read.algorithm === null) return invalid('its object has no signature');
  if (read.algorithm !== 'SHA256withRSA')
    return open(`its signature algorithm ${read.algorithm} is not known`);
  const key = keys.find(region, digest.fingerprint);
  if (!key) {
    const why = keys.knows(region)
      ? `none of them has the fingerprint ${digest.fingerprint}`
      : 'none were obtained';
    return open(`the public keys of ${region} are needed (ListPublicKeys), and ${why}`);
  }
  const signed = [
    digest.endText,
    `${digest.bucket}/${digest.object}`,
    digest.sha256,
    digest.previous?.signature ?? 'null',
  ].join('\n');
  return isSigned(signed, read.signature, key) ? null : invalid('its signature does not fit: it was changed');
}

/** Whether the digest before it is the one it was made after. */
function linkFault(digest: Digest, before: Known): Fault | null {
  const { sha256, signature } = digest.previous!;
  if (sha256 !== null && sha256 !== before.digest.sha256) {
    return {
      result: 'invalid',
      reason: `the digest before it (${before.digest.object}) has another hash than it says`,
    };
  }
  if (before.read.signature !== null && before.read.signature.toLowerCase() !== signature.toLowerCase()) {
    return {
      result: 'invalid',
      reason: `the digest before it (${before.digest.object}) has another signature than it says`,
    };
  }
  return null;
}

type FileRow = Omit<DigestRow, 'account' | 'region' | 'trail'>;

function fileRow(
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

/** Log files that no digest names. */
function leftOver(known: readonly Known[], logs: LogIndex, input: DigestInput): DigestRow[] {
  const latest = new Map<string, number>();
  for (const { digest, region, read } of known) {
    const place = `${read.bucket ?? ''} ${parseObjectKey(read.object)!.account} ${region}`;
    latest.set(place, Math.max(latest.get(place) ?? -Infinity, digest.end));
  }
  const rows: DigestRow[] = [];
  for (const log of logs.left()) {
    const name = parseObjectKey(log.object);
    if (!name || (log.last !== null && log.last < input.from)) continue;
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
class LogIndex {
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

const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
