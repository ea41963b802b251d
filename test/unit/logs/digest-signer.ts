import { createHash, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ReadDigest, ReadLog } from '../../../electron/logs/cloudtrail/digest/types.ts';
import { ACCOUNT } from './records.ts';

/*
 * A straightforward signer of digest chains, written from the CloudTrail user guide and sharing nothing with what
 * validates them: hourly digests of one trail, each with one log file.
 */

export const BUCKET = 'trail-bucket';
export const REGION = 'eu-west-1';
const HOUR = 3_600_000;
export const START = Date.UTC(2026, 0, 1);

export interface SigningKey {
  privateKey: KeyObject;
  fingerprint: string;
  /** ListPublicKeys item. */
  item: { Fingerprint: string; Value: string };
}

export function signingKey(type: 'pkcs1' | 'spki' = 'pkcs1'): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ type, format: 'der' });
  const fingerprint = createHash('md5').update(der).digest('hex');
  return { privateKey, fingerprint, item: { Fingerprint: fingerprint, Value: der.toString('base64') } };
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
const compact = (ms: number) => iso(ms).replaceAll(/[-:]/g, '');
const day = (ms: number) => iso(ms).slice(0, 10).replaceAll('-', '/');

export const logKey = (hour: number) => {
  const at = START + hour * HOUR + 300_000;
  return `AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/${day(at)}/${ACCOUNT}_CloudTrail_${REGION}_${compact(at).slice(0, 13)}Z_abcdefgh${String(hour).padStart(8, '0')}.json.gz`;
};
export const digestKey = (hour: number, suffix = '') => {
  const end = START + (hour + 1) * HOUR;
  return `AWSLogs/${ACCOUNT}/CloudTrail-Digest/${REGION}/${day(end)}/${ACCOUNT}_CloudTrail-Digest_${REGION}_main_${REGION}_${compact(end)}${suffix}.json.gz`;
};

export interface Made {
  digest: ReadDigest;
  log: ReadLog;
  /** The log file's content. */
  content: Buffer;
}

interface ChainOptions {
  key: SigningKey;
  hours: number;
  /** Hours at which logging begins anew. */
  restarts?: readonly number[];
  /** Name of digests besides their time. */
  suffix?: string;
  /** Content of the log file of an hour. */
  content?: (hour: number) => Buffer;
  /** Changes a digest's statement before it is signed. */
  change?: (hour: number, statement: Record<string, unknown>) => void;
}

/** A chain of hourly digests from {@link START}, oldest first. */
export function chain({ key, hours, restarts = [], suffix = '', content, change }: ChainOptions): Made[] {
  const made: Made[] = [];
  let before: { key: string; hash: string; signature: string } | null = null;
  for (let hour = 0; hour < hours; hour += 1) {
    if (restarts.includes(hour)) before = null;
    const raw: Buffer = content?.(hour) ?? Buffer.from(`{"Records":[{"hour":${hour}}]}`);
    const [start, end] = [START + hour * HOUR, START + (hour + 1) * HOUR];
    const object = digestKey(hour, suffix);
    const statement: Record<string, unknown> = {
      awsAccountId: ACCOUNT,
      digestStartTime: iso(start),
      digestEndTime: iso(end),
      digestS3Bucket: BUCKET,
      digestS3Object: object,
      digestPublicKeyFingerprint: key.fingerprint,
      digestSignatureAlgorithm: 'SHA256withRSA',
      previousDigestS3Bucket: before && BUCKET,
      previousDigestS3Object: before && before.key,
      previousDigestHashValue: before && before.hash,
      previousDigestHashAlgorithm: before && 'SHA-256',
      previousDigestSignature: before && before.signature,
      logFiles: [
        {
          s3Bucket: BUCKET,
          s3Object: logKey(hour),
          hashValue: sha256(raw),
          hashAlgorithm: 'SHA-256',
          oldestEventTime: iso(start),
          newestEventTime: iso(start + 240_000),
        },
      ],
    };
    change?.(hour, statement);
    const text = JSON.stringify(statement);
    const toSign: string = `${iso(end)}\n${BUCKET}/${object}\n${sha256(text)}\n${before?.signature ?? 'null'}`;
    const signature: string = createSign('RSA-SHA256').update(toSign).sign(key.privateKey, 'hex');
    made.push({
      digest: {
        ...{ seq: 1000 + hour, bucket: BUCKET, object, body: gzipSync(text) },
        ...{ signature, algorithm: 'SHA256withRSA', noMetadata: null },
      },
      log: {
        ...{ seq: 1 + hour, bucket: BUCKET, object: logKey(hour), sha256: sha256(raw), failure: null },
        ...{ first: start, last: start + 240_000 },
      },
      content: raw,
    });
    before = { key: object, hash: sha256(text), signature };
  }
  return made;
}
