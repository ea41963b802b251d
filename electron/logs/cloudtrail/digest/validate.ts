import { baseName, parseObjectKey } from './object-key.ts';
import { fileRow, LogIndex, unnamedRows } from './log-rows.ts';
import type { DigestInput, DigestRow, ReadDigest } from './types.ts';
import { parseDigest, type Digest } from './parse-digest.ts';
import { isSigned, type DigestKeys } from './public-keys.ts';

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
  rows.push(...unnamedRows(known, logs, input.from));
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

const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
