import { SealError } from '../error.ts';
import { integerHex, isDer, parseAsn, toDer, type Asn } from '../der/read.ts';

/** PKIFailureInfo bits a timestamp authority may set (RFC 3161 §2.4.2). */
const FAILURES: Record<number, string> = {
  0: 'it does not accept the hash algorithm',
  2: 'it does not permit this request',
  5: 'it found the request malformed',
  14: 'its time source is not available',
  15: 'it does not offer the requested policy',
  16: 'it does not support an extension of the request',
  17: 'it does not understand or have the additional information',
  25: 'it has an internal failure',
};

/**
 * The token of a time-stamp response (RFC 3161 §2.4.2), as DER.
 *
 * @throws SealError TSA_REJECTED with the authority's own reason, TSA_ANSWER_MALFORMED when it is no response.
 */
export function tokenOfResponse(der: Uint8Array): Uint8Array {
  let status: Asn | undefined;
  let token: Asn | undefined;
  let code: number;
  try {
    [status, token] = parseAsn(der, 'a time-stamp response').members;
    code = Number.parseInt(integerHex(status?.members[0], 'a time-stamp response'), 16);
  } catch (cause) {
    throw new SealError(
      'TSA_ANSWER_MALFORMED',
      'cannot use the timestamp: the answer is no RFC 3161 response. Check that the address is a timestamp authority',
      { cause },
    );
  }
  // 0 granted, 1 granted with modifications: the checks of the token decide whether they matter.
  if (code === 0 || code === 1) {
    // Some authorities send BER. Kept is DER, in which every byte counts; what the authority signed is not touched.
    if (token) return isDer(token) ? token.der : toDer(token);
    throw new SealError(
      'TSA_ANSWER_MALFORMED',
      'cannot use the timestamp: the authority granted it but sent none. Try another one',
    );
  }
  throw new SealError(
    'TSA_REJECTED',
    `cannot obtain a timestamp: the authority refused (status ${code}): ${reasons(status)}. Try another one`,
  );
}

function reasons(status: Asn | undefined): string {
  const said = (status?.members.find((node) => node.tag === 0x30)?.members ?? [])
    .map((line) => printable(Buffer.from(line.value).toString('utf8')))
    .filter((line) => line !== '');
  const failure = status?.members.find((node) => node.tag === 0x03);
  const bits = failure ? [...failure.value.subarray(1)] : [];
  const known = Object.entries(FAILURES)
    .filter(([bit]) => ((bits[Number(bit) >> 3] ?? 0) & (0x80 >> (Number(bit) & 7))) !== 0)
    .map(([, text]) => text);
  return [...known, ...said.map((line) => `"${line}"`)].join('; ') || 'it gave no reason';
}

/** A stranger's text goes to terminals and logs: no control characters, not long. */
const printable = (text: string): string =>
  text
    .replace(/[^\p{L}\p{N}\p{P}\p{S}\p{Zs}]+/gu, ' ')
    .trim()
    .slice(0, 200);
