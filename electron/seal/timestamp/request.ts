import { checkImprint, digestByOid, digestIdentifier, type Imprint } from '../digest.ts';
import { integerHex, isTag, malformed, octetsOf, oidOf, parseAsn } from '../der/read.ts';
import { boolean, integer, objectIdentifier, octetString, sequence } from '../der/write.ts';

/** A time-stamp request (RFC 3161 §2.4.1). */
export interface TimestampRequest {
  readonly imprint: Imprint;
  /** Unsigned big-endian. Null in requests of clients that send none; ours always do. */
  readonly nonce: Uint8Array | null;
  /** The policy asked for, or null to leave it to the authority. */
  readonly policy: string | null;
  /** Asks for the authority's certificate inside the token; without it nobody can verify offline. */
  readonly wantCertificate: boolean;
}

/** TimeStampReq as DER. It holds a hash and a random number, nothing else. */
export function encodeTimestampRequest(request: TimestampRequest): Uint8Array {
  checkImprint(request.imprint);
  return sequence(
    integer(1),
    sequence(digestIdentifier(request.imprint.algorithm), octetString(request.imprint.digest)),
    ...(request.policy === null ? [] : [objectIdentifier(request.policy)]),
    ...(request.nonce === null ? [] : [integer(request.nonce)]),
    ...(request.wantCertificate ? [boolean(true)] : []),
  );
}

/** @throws SealError MALFORMED, also for hash algorithms other than SHA-256, -384 and -512. */
export function parseTimestampRequest(der: Uint8Array): TimestampRequest {
  const what = 'a time-stamp request';
  const [version, imprint, ...rest] = parseAsn(der, what).members;
  if (integerHex(version, what) !== '01') throw malformed(what, 'its version is not 1');
  const algorithm = digestByOid(oidOf(imprint?.members[0]?.members[0], what));
  if (algorithm === null) throw malformed(what, 'its hash algorithm is not accepted');
  const parsed: Imprint = { algorithm, digest: octetsOf(imprint?.members[1], what) };
  checkImprint(parsed);
  const policy = rest.find((node) => node.tag === 0x06);
  const nonce = rest.find((node) => node.tag === 0x02);
  const certReq = rest.find((node) => node.tag === 0x01);
  return {
    imprint: parsed,
    policy: policy ? oidOf(policy, what) : null,
    nonce: nonce ? Buffer.from(integerHex(nonce, what), 'hex') : null,
    wantCertificate: isTag(certReq, 0x01) && certReq.value[0] !== 0,
  };
}
