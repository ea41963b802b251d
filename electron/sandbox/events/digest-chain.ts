import { createHash } from 'node:crypto';
import type { Company } from '../company/types.ts';
import type { Delivery, DigestFile, LogFile } from './delivery.ts';
import { signDigest } from './digest-keys.ts';
import { secondText } from './text.ts';

/** What a digest says about a log file. */
export interface LogFacts {
  /** SHA-256 of the uncompressed file, hexadecimal. */
  hash: string;
  oldest: number;
  newest: number;
}

/** A digest file before compression, and the signature that S3 keeps as its metadata. */
export interface SignedDigest {
  text: string;
  signature: string;
}

/**
 * The digests of one trail, account and region (CloudTrail user guide, "CloudTrail digest file structure"). Each names the
 * hash and signature of the one before, so the n-th needs all before it; they are made in order, once, and only their
 * hash and signature are kept. The text of any digest is then made again from those.
 */
export function digestChain(
  company: Company,
  delivery: Delivery,
  factsOf: (file: LogFile) => LogFacts,
): (index: number) => SignedDigest {
  const made: { hash: string; signature: string }[] = [];
  const { trail, scope, digests } = delivery;

  const beforeOf = (index: number): Before | undefined =>
    digests[index]!.starting ? undefined : { key: digests[index - 1]!.key, ...made[index - 1]! };
  const textOf = (index: number): string => {
    const { fingerprint } = signDigest(company, scope.region, digests[index]!.end);
    return digestText(delivery, digests[index]!, fingerprint, beforeOf(index), factsOf);
  };
  const makeNext = (): SignedDigest => {
    const digest = digests[made.length]!;
    const text = textOf(made.length);
    const hash = sha256(text);
    const toSign = [
      secondText(digest.end),
      `${trail.bucket}/${digest.key}`,
      hash,
      beforeOf(made.length)?.signature ?? 'null',
    ].join('\n');
    const signature = signDigest(company, scope.region, digest.end).sign(toSign);
    made.push({ hash, signature });
    return { text, signature };
  };

  return (index) => {
    let newest: SignedDigest | undefined;
    while (made.length <= index) newest = makeNext();
    return newest ?? { text: textOf(index), signature: made[index]!.signature };
  };
}

interface Before {
  key: string;
  hash: string;
  signature: string;
}

function digestText(
  delivery: Delivery,
  digest: DigestFile,
  fingerprint: string,
  before: Before | undefined,
  factsOf: (file: LogFile) => LogFacts,
): string {
  const { trail, scope } = delivery;
  const files = digest.files.map((file) => ({ file, facts: factsOf(file) }));
  return JSON.stringify({
    awsAccountId: scope.accountId,
    digestStartTime: secondText(digest.start),
    digestEndTime: secondText(digest.end),
    digestS3Bucket: trail.bucket,
    digestS3Object: digest.key,
    digestPublicKeyFingerprint: fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime:
      files.length === 0 ? null : secondText(Math.max(...files.map(({ facts }) => facts.newest))),
    oldestEventTime:
      files.length === 0 ? null : secondText(Math.min(...files.map(({ facts }) => facts.oldest))),
    previousDigestS3Bucket: before ? trail.bucket : null,
    previousDigestS3Object: before?.key ?? null,
    previousDigestHashValue: before?.hash ?? null,
    previousDigestHashAlgorithm: before ? 'SHA-256' : null,
    previousDigestSignature: before?.signature ?? null,
    logFiles: files.map(({ file, facts }) => ({
      s3Bucket: trail.bucket,
      s3Object: file.key,
      hashValue: facts.hash,
      hashAlgorithm: 'SHA-256',
      newestEventTime: secondText(facts.newest),
      oldestEventTime: secondText(facts.oldest),
    })),
  });
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
