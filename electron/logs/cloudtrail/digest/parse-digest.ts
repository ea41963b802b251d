import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { asObject, asText, eventMillis } from '../parse-record.ts';

/** A log file as its digest names it. */
export interface DigestedFile {
  bucket: string;
  object: string;
  /** SHA-256 of the uncompressed file, hex. */
  sha256: string;
  /** Event times, ms UTC; null when the digest does not say. */
  oldest: number | null;
  newest: number | null;
}

/** A digest file's own statement (CloudTrail user guide, "CloudTrail digest file structure"). Times in ms UTC. */
export interface Digest {
  account: string;
  bucket: string;
  object: string;
  start: number;
  end: number;
  /** As written: part of what is signed. */
  endText: string;
  fingerprint: string;
  previous: { bucket: string; object: string; sha256: string | null; signature: string } | null;
  files: DigestedFile[];
  /** SHA-256 of the uncompressed digest, hex. */
  sha256: string;
}

const MAX_DIGEST_BYTES = 256 * 1024 * 1024;

/** Reads a digest file, compressed or not. Returns why it cannot be read when it is none. */
export function parseDigest(body: Buffer): Digest | string {
  let content: Buffer;
  try {
    content =
      body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body, { maxOutputLength: MAX_DIGEST_BYTES }) : body;
  } catch {
    return 'its gzip data are damaged';
  }
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch {
    return 'it is not JSON';
  }
  const digest = asObject(value);
  const need = (name: string): string => asText(digest[name]) ?? '';
  const names = [
    'digestPublicKeyFingerprint',
    'digestS3Bucket',
    'digestS3Object',
    'digestStartTime',
    'digestEndTime',
  ];
  const missing =
    names.find((name) => need(name) === '') ??
    ('previousDigestSignature' in digest ? undefined : 'previousDigestSignature');
  if (missing) return `it has no ${missing}`;
  const [start, end] = [eventMillis(need('digestStartTime')), eventMillis(need('digestEndTime'))];
  if (start === null || end === null) return 'its times are malformed';
  const signature = asText(digest.previousDigestSignature);
  const files = Array.isArray(digest.logFiles) ? digest.logFiles.map(readFile) : null;
  if (!files || files.includes(null)) return 'its list of log files is malformed';
  return {
    ...{
      account: need('awsAccountId'),
      bucket: need('digestS3Bucket'),
      object: need('digestS3Object'),
      start,
      end,
    },
    ...{ endText: need('digestEndTime'), fingerprint: need('digestPublicKeyFingerprint').toLowerCase() },
    previous:
      signature === null
        ? null
        : {
            bucket: asText(digest.previousDigestS3Bucket) ?? need('digestS3Bucket'),
            object: asText(digest.previousDigestS3Object) ?? '',
            sha256: asText(digest.previousDigestHashValue)?.toLowerCase() ?? null,
            signature,
          },
    files: files as DigestedFile[],
    sha256: hash('sha256', content, 'hex'),
  };
}

function readFile(value: unknown): DigestedFile | null {
  const file = asObject(value);
  const [bucket, object, sha256] = [asText(file.s3Bucket), asText(file.s3Object), asText(file.hashValue)];
  if (bucket === null || object === null || sha256 === null) return null;
  const time = (name: string) => {
    const text = asText(file[name]);
    return text === null ? null : eventMillis(text);
  };
  return {
    ...{ bucket, object, sha256: sha256.toLowerCase() },
    ...{ oldest: time('oldestEventTime'), newest: time('newestEventTime') },
  };
}
