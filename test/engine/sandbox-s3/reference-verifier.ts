import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

/**
 * CloudTrail's digest validation, written once more from the user guide ("Custom implementations of CloudTrail log file
 * integrity validation") and sharing nothing with the sandbox that signs or the engine that verifies.
 */
export interface Reader {
  keys(prefix: string): Promise<string[]>;
  get(key: string): Promise<{ bytes: Uint8Array; metadata: Record<string, string> } | undefined>;
  /** DER by fingerprint, for the source region and time. */
  publicKeys(region: string, from: Date, to: Date): Promise<Map<string, Buffer>>;
}

interface Digest {
  digestStartTime: string;
  digestEndTime: string;
  digestS3Bucket: string;
  digestS3Object: string;
  digestPublicKeyFingerprint: string;
  newestEventTime: string | null;
  oldestEventTime: string | null;
  previousDigestS3Object: string | null;
  previousDigestHashValue: string | null;
  previousDigestSignature: string | null;
  logFiles: {
    s3Bucket: string;
    s3Object: string;
    hashValue: string;
    oldestEventTime: string;
    newestEventTime: string;
  }[];
}

export interface Outcome {
  /** 'problem key', sorted. */
  problems: string[];
  validDigests: number;
  validLogs: number;
  /** Times covered without interruption, oldest first. */
  coverage: { from: string; to: string }[];
  /** Fingerprints of the keys used. */
  signers: Set<string>;
}

export async function verifyChain(
  reader: Reader,
  bucket: string,
  folder: { logs: string; digests: string },
  region: string,
): Promise<Outcome> {
  const outcome: Outcome = { problems: [], validDigests: 0, validLogs: 0, coverage: [], signers: new Set() };
  const named = new Set<string>();
  const keys = (await reader.keys(folder.digests)).sort();
  const read = new Map<string, { digest: Digest; hash: string; signature: string }>();
  for (const key of keys) {
    const object = (await reader.get(key))!;
    const text = gunzipSync(object.bytes);
    const digest = JSON.parse(text.toString('utf8')) as Digest;
    const signature = object.metadata.signature ?? '';
    read.set(key, { digest, hash: sha256(text), signature });
    for (const { s3Object } of digest.logFiles) named.add(s3Object);
    if (digest.digestS3Bucket !== bucket || digest.digestS3Object !== key)
      outcome.problems.push(`moved ${key}`);
    const end = new Date(digest.digestEndTime);
    const known = await reader.publicKeys(
      region,
      new Date(digest.digestStartTime),
      new Date(end.getTime() + 7_200_000),
    );
    const der = known.get(digest.digestPublicKeyFingerprint);
    const toSign = `${digest.digestEndTime}\n${digest.digestS3Bucket}/${digest.digestS3Object}\n${sha256(text)}\n${digest.previousDigestSignature ?? 'null'}`;
    const good =
      der !== undefined &&
      object.metadata['signature-algorithm'] === 'SHA256withRSA' &&
      verify('RSA-SHA256', Buffer.from(toSign), loadKey(der), Buffer.from(signature, 'hex'));
    if (!good) outcome.problems.push(`signature ${key}`);
    else outcome.validDigests++;
    outcome.signers.add(digest.digestPublicKeyFingerprint);
    for (const file of digest.logFiles) await checkLog(reader, file, outcome);
  }
  for (const [key, { digest }] of read) {
    const before = digest.previousDigestS3Object;
    const last = outcome.coverage.at(-1);
    if (before === null) {
      outcome.coverage.push({ from: digest.digestStartTime, to: digest.digestEndTime });
      continue;
    }
    const previous = read.get(before);
    if (!previous) outcome.problems.push(`previous-missing ${key}`);
    else if (
      previous.hash !== digest.previousDigestHashValue ||
      previous.signature !== digest.previousDigestSignature
    )
      outcome.problems.push(`link ${key}`);
    if (last?.to === digest.digestStartTime) last.to = digest.digestEndTime;
    else outcome.coverage.push({ from: digest.digestStartTime, to: digest.digestEndTime });
  }
  for (const key of await reader.keys(folder.logs))
    if (!named.has(key)) outcome.problems.push(`undigested ${key}`);
  outcome.problems.sort();
  return outcome;
}

async function checkLog(reader: Reader, file: Digest['logFiles'][number], outcome: Outcome): Promise<void> {
  const object = await reader.get(file.s3Object);
  if (!object) {
    outcome.problems.push(`log-missing ${file.s3Object}`);
    return;
  }
  const text = gunzipSync(object.bytes);
  if (sha256(text) !== file.hashValue) {
    outcome.problems.push(`log-changed ${file.s3Object}`);
    return;
  }
  const times = (JSON.parse(text.toString('utf8')) as { Records: { eventTime: string }[] }).Records.map(
    ({ eventTime }) => eventTime,
  ).sort();
  if (times[0] !== file.oldestEventTime || times.at(-1) !== file.newestEventTime)
    outcome.problems.push(`log-times ${file.s3Object}`);
  outcome.validLogs++;
}

function loadKey(der: Buffer): KeyObject {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'pkcs1' });
  } catch {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
