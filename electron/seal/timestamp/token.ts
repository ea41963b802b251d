import { buildChain, validityProblems, type Chain } from '../chain.ts';
import type { Certificate } from '../certificate.ts';
import { digestByOid, type Imprint } from '../digest.ts';
import { SealError } from '../error.ts';
import { OID } from '../oids.ts';
import { checkSigner, contentDigest } from '../cms/verify.ts';
import { revocationsInside } from '../cms/inside.ts';
import type { RevocationData } from '../revocation/status.ts';
import { parseSignedData, type SignedData } from '../cms/signed-data.ts';
import {
  equalBytes,
  integerHex,
  malformed,
  octetsOf,
  oidOf,
  parseAsn,
  timeOf,
  type Asn,
} from '../der/read.ts';

/** What a time-stamp token states (TSTInfo, RFC 3161 §2.4.2). */
export interface TimestampInfo {
  readonly genTime: Date;
  /** How far the authority says its clock may be off, in ms; null when it does not say. */
  readonly accuracyMs: number | null;
  /** Lower-case hex, unique per authority. */
  readonly serial: string;
  readonly policy: string;
  readonly imprintOid: string;
  readonly imprintDigest: Uint8Array;
  /** Lower-case hex, or null. */
  readonly nonce: string | null;
  readonly signedData: SignedData;
}

/** What a time-stamp token proves of some content. */
export interface TimestampCheck {
  /** The content existed at `genTime`, if the authority is to be believed: everything but trust in it holds. */
  readonly valid: boolean;
  readonly imprintMatches: boolean;
  readonly signatureMatches: boolean;
  /** The authority's certificate is for time-stamping only and was valid at `genTime`. */
  readonly certificateSuitable: boolean;
  readonly trust: Chain['trust'];
  /** Wrong with the authority's certificates at the moment asked about (not with the token itself). */
  readonly chainProblems: readonly string[];
  /** Wrong with the token. Empty when valid. */
  readonly problems: readonly string[];
  readonly genTime: Date;
  readonly accuracyMs: number | null;
  readonly serial: string;
  readonly policy: string;
  readonly authority: Certificate | null;
  readonly path: readonly Certificate[];
  /** Revocation data inside, DER. */
  readonly revocation: RevocationData;
  /** Fingerprints of certificates inside whose own signature cannot be checked: their issuer is not at hand. */
  readonly uncheckedCertificates: readonly string[];
}

/** @throws SealError MALFORMED */
export function parseTimestampToken(token: Uint8Array): TimestampInfo {
  const what = 'a time-stamp token';
  const signedData = parseSignedData(token, what, { trailing: 'zeros' });
  if (signedData.contentType !== OID.tstInfo || signedData.content === null)
    throw malformed(what, 'it states no time');
  const [version, policy, imprint, serial, genTime, ...rest] = parseAsn(signedData.content, what).members;
  if (integerHex(version, what) !== '01') throw malformed(what, 'its version is not 1');
  const nonce = rest.find((node) => node.tag === 0x02);
  if (genTime?.tag !== 0x18) throw malformed(what, 'its time is not a GeneralizedTime');
  return {
    genTime: timeOf(genTime, what),
    accuracyMs: accuracyOf(rest.find((node) => node.tag === 0x30)),
    serial: integerHex(serial, what),
    policy: oidOf(policy, what),
    imprintOid: oidOf(imprint?.members[0]?.members[0], what),
    imprintDigest: octetsOf(imprint?.members[1], what),
    nonce: nonce ? integerHex(nonce, what) : null,
    signedData,
  };
}

/** All certificates inside a token, DER. @throws SealError MALFORMED */
export const tokenCertificates = (token: Uint8Array): readonly Uint8Array[] =>
  parseTimestampToken(token).signedData.certificates;

/** The time a token states. @throws SealError MALFORMED */
export const tokenTime = (token: Uint8Array): Date => parseTimestampToken(token).genTime;

function accuracyOf(accuracy: Asn | undefined): number | null {
  if (!accuracy) return null;
  const part = (tag: number): number => {
    const node = accuracy.members.find((member) => member.tag === tag);
    return node ? Number.parseInt(Buffer.from(node.value).toString('hex') || '0', 16) : 0;
  };
  return part(0x02) * 1000 + part(0x80) + part(0x81) / 1000;
}

/**
 * Checks a time-stamp token against the content it is said to be for.
 *
 * CMS libraries check neither dates nor purpose of the authority's certificate, so all of it is done here: imprint,
 * CMS signature, ESS certificate binding, time-stamping purpose (critical and alone, RFC 3161 §2.3), validity at
 * genTime, and the path to a trusted certificate at the moment `at` (default: now).
 *
 * @param content the stamped bytes, or their digest in the token's own algorithm.
 * @throws SealError MALFORMED when the token cannot be read; a token that is merely wrong gives a result.
 */
export function verifyTimestampToken(
  token: Uint8Array,
  content: Uint8Array | Imprint,
  options: {
    trusted?: readonly Uint8Array[];
    certificates?: readonly Uint8Array[];
    at?: Date;
    /** Certificates (DER) that may be inside besides the authority's: a renewal keeps those of earlier seals there. */
    parties?: readonly Uint8Array[];
  } = {},
): TimestampCheck {
  const info = parseTimestampToken(token);
  const { signedData, genTime } = info;
  const [signer] = signedData.signers;
  if (!signer || signedData.signers.length !== 1)
    throw malformed('a time-stamp token', 'it must have one signer');
  const imprintProblem = checkTokenImprint(info, content);
  const check = checkSigner(
    signedData,
    signer,
    contentDigest(signedData.content as Uint8Array),
    [...(options.certificates ?? []), ...(options.trusted ?? [])],
    options.parties,
  );
  const authority = check.certificate;
  const certificateProblems = authority
    ? [...purposeProblems(authority), ...validityProblems(authority, genTime)]
    : [];
  const chain: Chain = authority
    ? buildChain(
        authority,
        [...signedData.certificates, ...(options.certificates ?? [])],
        options.trusted ?? [],
        options.at ?? new Date(),
      )
    : { trust: 'self-asserted', path: [], problems: [] };
  const problems = [...(imprintProblem ? [imprintProblem] : []), ...check.problems, ...certificateProblems];
  return {
    valid: problems.length === 0,
    imprintMatches: imprintProblem === null,
    signatureMatches: check.signatureMatches && check.digestMatches && check.certificateBound,
    certificateSuitable: authority !== null && certificateProblems.length === 0,
    trust: chain.trust,
    chainProblems: chain.problems,
    problems,
    genTime,
    accuracyMs: info.accuracyMs,
    serial: info.serial,
    policy: info.policy,
    authority,
    path: chain.path,
    revocation: revocationsInside(signedData),
    uncheckedCertificates: check.uncheckedCertificates,
  };
}

function checkTokenImprint(info: TimestampInfo, content: Uint8Array | Imprint): string | null {
  const algorithm = digestByOid(info.imprintOid);
  if (algorithm === null) return `the token's hash algorithm ${info.imprintOid} is not accepted`;
  const expected = contentDigest(content)(algorithm);
  if (expected === null) return `the token is over a ${algorithm} digest, which is not at hand`;
  return equalBytes(expected, info.imprintDigest) ? null : 'the token is for other content: its hash differs';
}

function purposeProblems(authority: Certificate): string[] {
  const eku = authority.extendedKeyUsage;
  const alone = eku?.purposes.length === 1 && eku.purposes[0] === OID.timeStamping;
  if (!alone || !eku.critical) {
    return [`the certificate of "${authority.subject}" is not for time-stamping alone`];
  }
  const usage = authority.keyUsage;
  if (usage !== null && !usage.has('digitalSignature') && !usage.has('nonRepudiation')) {
    return [`the certificate of "${authority.subject}" does not allow signatures`];
  }
  return [];
}

/** Throws what a check found, for callers that need a good token or none. */
export function assertTimestamp(check: TimestampCheck): void {
  if (check.valid) return;
  throw new SealError(
    'TSA_ANSWER_WRONG',
    `cannot use the timestamp: ${check.problems.join('; ')}. Try another authority`,
  );
}
