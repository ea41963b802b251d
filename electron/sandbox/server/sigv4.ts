import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import { header, type WireRequest } from './message.ts';

/**
 * Checks AWS Signature Version 4, header form, as the services do
 * (IAM User Guide, "Create a signed AWS API request").
 */
export interface Scope {
  accessKeyId: string;
  date: string;
  region: string;
  service: string;
}

interface Authorization extends Scope {
  signedHeaders: string[];
  signature: string;
}

const PATTERN =
  /^AWS4-HMAC-SHA256 +Credential=([^/,]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/;
const MAX_SKEW_MS = 15 * 60_000;

/** @throws AwsError MissingAuthenticationTokenException, IncompleteSignatureException */
export function parseAuthorization(request: WireRequest): Authorization {
  const text = header(request, 'authorization');
  if (text === undefined)
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const match = PATTERN.exec(text);
  if (!match)
    throw new AwsError(
      'IncompleteSignatureException',
      'Authorization header requires Credential, SignedHeaders and Signature.',
    );
  return {
    accessKeyId: match[1]!,
    date: match[2]!,
    region: match[3]!,
    service: match[4]!,
    signedHeaders: match[5]!.split(';'),
    signature: match[6]!,
  };
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text, 'utf8').digest();

/** Signing keys change once a day; deriving one costs four HMACs, so they are kept. */
const signingKeys = new Map<string, Buffer>();
function signingKey(secret: string, { accessKeyId, date, region, service }: Scope): Buffer {
  const id = `${accessKeyId}/${date}/${region}/${service}/${secret}`;
  let key = signingKeys.get(id);
  if (!key) {
    if (signingKeys.size > 5000) signingKeys.clear();
    key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
    signingKeys.set(id, key);
  }
  return key;
}

/**
 * Checks the signature with the secret of the access key.
 * @param now milliseconds since the epoch
 * @throws AwsError InvalidSignatureException
 */
export function verifySignature(
  request: WireRequest,
  auth: Authorization,
  secret: string,
  now: number,
): void {
  const stamp = header(request, 'x-amz-date') ?? '';
  const at = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(at) || !stamp.startsWith(auth.date))
    throw new AwsError(
      'IncompleteSignatureException',
      'Date must be in ISO-8601 basic format and match the credential scope.',
    );
  if (Math.abs(now - at) > MAX_SKEW_MS) {
    throw new AwsError(
      'InvalidSignatureException',
      `Signature ${at < now ? 'expired' : 'not yet current'}: ${stamp} is too far from ${new Date(now).toISOString()}`,
    );
  }
  const declared = header(request, 'x-amz-content-sha256');
  const payload = declared === 'UNSIGNED-PAYLOAD' ? declared : sha256(request.body);
  const canonical = [
    request.method,
    auth.service === 's3'
      ? request.path
      : request.path
          .split('/')
          .map((part) => encodeURIComponent(part))
          .join('/'),
    canonicalQuery(request.query),
    ...auth.signedHeaders.map(
      (name) => `${name}:${(header(request, name) ?? '').trim().replace(/ +/g, ' ')}`,
    ),
    '',
    auth.signedHeaders.join(';'),
    payload,
  ].join('\n');
  const toSign = `AWS4-HMAC-SHA256\n${stamp}\n${auth.date}/${auth.region}/${auth.service}/aws4_request\n${sha256(canonical)}`;
  const expected = hmac(signingKey(secret, auth), toSign);
  if (!timingSafeEqual(expected, Buffer.from(auth.signature, 'hex'))) {
    throw new AwsError(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    );
  }
}

const rfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair) => {
      const at = pair.indexOf('=');
      const name = decodeURIComponent(at < 0 ? pair : pair.slice(0, at));
      const value = at < 0 ? '' : decodeURIComponent(pair.slice(at + 1));
      return [rfc3986(name), rfc3986(value)] as const;
    })
    .sort(([a, av], [b, bv]) => (a < b ? -1 : a > b ? 1 : av < bv ? -1 : av > bv ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}
