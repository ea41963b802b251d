import { hash } from 'node:crypto';
import { buildChain, validityProblems, type Chain } from './chain.ts';
import type { Certificate } from './certificate.ts';
import { checkImprint, imprintOf, type Imprint } from './digest.ts';
import { SealError } from './error.ts';
import { OID } from './oids.ts';
import { assertValidAt, type Signer } from './signer.ts';
import { attribute, extendCms, signCms } from './cms/write.ts';
import { checkSigner, contentDigest } from './cms/verify.ts';
import { revocationsInside } from './cms/inside.ts';
import { parseSignedData, type SignedData, type SignerInfo } from './cms/signed-data.ts';
import { malformed, timeOf } from './der/read.ts';
import { x509Time } from './der/write.ts';
import { requestTimestamp, type Timestamp, type TimestampOptions } from './timestamp/client.ts';
import type { RevocationData } from './revocation/status.ts';
import { tokenCertificates, verifyTimestampToken, type TimestampCheck } from './timestamp/token.ts';

/** A new signature and, when one was asked for, its time-stamp. */
export interface Sealed {
  readonly signature: Uint8Array;
  readonly timestamp: Timestamp | null;
}

/**
 * Makes a detached CAdES baseline signature (ETSI EN 319 122-1): level B-B, or B-T when `timestamp` is given.
 *
 * @param content the bytes, or their digest in the signer's own algorithm when they were hashed while streaming.
 * @param options.signingTime the claimed time (this machine's clock). PAdES forbids the attribute: pass null there.
 * @throws SealError of the signer (expired certificate, refusing key) or of the timestamp authority.
 */
export async function signCades(
  content: Uint8Array | Imprint,
  signer: Signer,
  options: { signingTime: Date | null; timestamp?: TimestampOptions; validAt?: Date },
): Promise<Sealed> {
  assertValidAt(signer, options.validAt ?? options.signingTime ?? new Date());
  const signature = await signCms(signer, {
    contentType: OID.data,
    digest: digestFor(content, signer),
    content: null,
    extraAttributes: options.signingTime ? [attribute(OID.signingTime, x509Time(options.signingTime))] : [],
  });
  return options.timestamp
    ? addSignatureTimestamp(signature, options.timestamp)
    : { signature, timestamp: null };
}

function digestFor(content: Uint8Array | Imprint, signer: Signer): Uint8Array {
  if (content instanceof Uint8Array) return hash(signer.digest, content, 'buffer');
  checkImprint(content);
  if (content.algorithm === signer.digest) return content.digest;
  throw new SealError(
    'UNSUPPORTED',
    `cannot sign a ${content.algorithm} digest with ${signer.description}: it signs ${signer.digest}. Hash the content with ${signer.digest}`,
  );
}

function onlySigner(signedData: SignedData): SignerInfo {
  const [info] = signedData.signers;
  if (!info || signedData.signers.length !== 1)
    throw malformed('a CMS signature', 'it must have exactly one signer');
  return info;
}

/** What a signature time-stamp is over: the hash of the signature value (EN 319 122-1 §5.3). */
export function signatureImprint(signature: Uint8Array): Imprint {
  return imprintOf(onlySigner(parseSignedData(signature, 'a signature', { trailing: 'zeros' })).signature);
}

/** Raises B-B to B-T. What is signed keeps its bytes; only the unsigned part grows. */
export async function addSignatureTimestamp(
  signature: Uint8Array,
  options: TimestampOptions,
): Promise<Sealed> {
  const timestamp = await requestTimestamp(signatureImprint(signature), options);
  return { signature: withSignatureTimestamp(signature, timestamp.token), timestamp };
}

/** Puts a token that was obtained before into the signature it is for. @throws SealError TSA_ANSWER_WRONG */
export function withSignatureTimestamp(signature: Uint8Array, token: Uint8Array): Uint8Array {
  const check = verifyTimestampToken(token, signatureImprint(signature));
  if (!check.imprintMatches) {
    throw new SealError(
      'TSA_ANSWER_WRONG',
      'cannot add the timestamp: it is for another signature. Request one for this signature',
    );
  }
  const signedData = parseSignedData(signature, 'a signature', { trailing: 'zeros' });
  return extendCms(signedData, { unsignedAttributes: [attribute(OID.signatureTimestamp, token)] });
}

/** What a CAdES signature proves of some content. */
export interface CadesCheck {
  /** The content is unchanged since the named certificate's key signed it. Says nothing about who that is, or when. */
  readonly valid: boolean;
  readonly digestMatches: boolean;
  readonly signatureMatches: boolean;
  readonly certificateBound: boolean;
  readonly signer: Certificate | null;
  readonly trust: Chain['trust'];
  readonly path: readonly Certificate[];
  /** Wrong with the certificates at the moment that counts: the earliest trusted time-stamp's, else `at`. */
  readonly chainProblems: readonly string[];
  /** Claimed by the signer's clock; null when the signature does not say. */
  readonly signingTime: Date | null;
  /** Signature time-stamps, oldest first. */
  readonly timestamps: readonly TimestampCheck[];
  /** The earliest valid time-stamp's time: the signature existed then. */
  readonly provenTime: Date | null;
  /** Everything that has to do with when: the certificate did not cover the claimed time. Alters nothing. */
  readonly doubts: readonly string[];
  /** Revocation data inside, DER. */
  readonly revocation: RevocationData;
  /** Certificates inside and those of its tokens, DER. */
  readonly certificates: readonly Uint8Array[];
  /** Fingerprints of certificates inside whose own signature cannot be checked: their issuer is not at hand. */
  readonly uncheckedCertificates: readonly string[];
  readonly problems: readonly string[];
}

/** What counts as trusted, and when. */
export interface VerifyOptions {
  /** Roots, or pinned signer certificates, DER. */
  readonly trusted?: readonly Uint8Array[];
  /** Roots for time-stamps; default `trusted`. */
  readonly trustedAuthorities?: readonly Uint8Array[];
  /** The moment of verification, default now. Counts for paths without a proven time. */
  readonly at?: Date;
}

/**
 * Checks a detached CAdES (or PAdES) signature with everything it carries.
 *
 * @throws SealError MALFORMED when it cannot be read; a wrong signature gives a result.
 */
export function verifyCades(
  signature: Uint8Array,
  content: Uint8Array | Imprint,
  options: VerifyOptions = {},
): CadesCheck {
  const signedData = parseSignedData(signature, 'a signature', { trailing: 'zeros' });
  const info = onlySigner(signedData);
  if (signedData.content !== null)
    throw malformed('a signature', 'it carries content of its own and must be detached');
  const check = checkSigner(signedData, info, contentDigest(content), options.trusted);
  const at = options.at ?? new Date();
  const timestamps = (info.unsigned.get(OID.signatureTimestamp) ?? [])
    .map((token) =>
      verifyTimestampToken(token.der, info.signature, {
        trusted: options.trustedAuthorities ?? options.trusted ?? [],
        certificates: signedData.certificates,
        at,
      }),
    )
    .sort((a, b) => a.genTime.getTime() - b.genTime.getTime());
  const provenTime = timestamps.find((timestamp) => timestamp.valid)?.genTime ?? null;
  // Only a time from a trusted authority lets an expired certificate count as valid when it signed.
  const believed = timestamps.find(isBelieved)?.genTime ?? at;
  const signer = check.certificate;
  const chain: Chain = signer
    ? buildChain(signer, signedData.certificates, options.trusted ?? [], believed)
    : { trust: 'self-asserted', path: [], problems: [] };
  const problems = [...check.problems, ...timestamps.flatMap(timestampProblems)];
  const signingTime = info.signed.get(OID.signingTime)?.[0];
  const claimed = signingTime ? timeOf(signingTime, 'a signing time') : null;
  return {
    valid: problems.length === 0,
    digestMatches: check.digestMatches,
    signatureMatches: check.signatureMatches,
    certificateBound: check.certificateBound,
    signer,
    trust: chain.trust,
    path: chain.path,
    chainProblems: chain.problems,
    signingTime: claimed,
    timestamps,
    provenTime,
    doubts: signer && claimed ? validityProblems(signer, claimed) : [],
    revocation: revocationsInside(signedData),
    certificates: [
      ...signedData.certificates,
      ...(info.unsigned.get(OID.signatureTimestamp) ?? []).flatMap((token) => tokenCertificates(token.der)),
    ],
    uncheckedCertificates: check.uncheckedCertificates,
    problems,
  };
}

/** A token that holds, from an authority that leads to a trusted certificate without a problem. */
export const isBelieved = (check: TimestampCheck): boolean =>
  check.valid && check.trust === 'trusted' && check.chainProblems.length === 0;

const timestampProblems = (check: TimestampCheck): string[] =>
  check.problems.map((problem) => `time-stamp: ${problem}`);
