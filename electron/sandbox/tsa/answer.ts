import { createHash } from 'node:crypto';
import { freshSerial } from '../../seal/pki/issue.ts';
import type { Signer } from '../../seal/signer.ts';
import { parseTimestampRequest, type TimestampRequest } from '../../seal/timestamp/request.ts';
import { createToken, grantedResponse, rejectedResponse } from './token.ts';

/** Ways in which the sandbox's authority can misbehave. */
export type TsaFault =
  | 'wrong-imprint'
  | 'wrong-nonce'
  | 'no-nonce'
  | 'wrong-policy'
  | 'no-certificate'
  | 'expired-certificate'
  | 'not-a-tsa'
  | 'bad-signature'
  | 'rejected'
  | 'garbage'
  | 'truncated'
  | 'too-large'
  | 'http-error'
  | 'hang';

interface Authority {
  readonly authority: Signer;
  readonly policy: string;
  readonly clock: () => Date;
  readonly fault: TsaFault | null;
  certify(profile: 'timestamp' | 'signer', notAfter: Date): Promise<Signer>;
}

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
}

const OTHER_POLICY = '1.3.6.1.4.1.32473.1.1';
const BAD_DATA_FORMAT = 5;
const UNACCEPTED_POLICY = 15;
const TIME_NOT_AVAILABLE = 14;

/** The authority's answer to one query. */
export async function answer(query: Uint8Array, tsa: Authority): Promise<Reply | 'hang'> {
  const reply = (body: Uint8Array): Reply => ({ status: 200, type: 'application/timestamp-reply', body });
  if (tsa.fault === 'hang') return 'hang';
  if (tsa.fault === 'garbage') return reply(Buffer.from('<html>captive portal</html>'));
  if (tsa.fault === 'too-large') return reply(Buffer.alloc(2 * 1024 * 1024, 0x30));
  if (tsa.fault === 'http-error') return { status: 503, type: 'text/plain', body: Buffer.from('busy\n') };
  if (tsa.fault === 'rejected')
    return reply(rejectedResponse('the clock is not synchronised', TIME_NOT_AVAILABLE));
  let request: TimestampRequest;
  try {
    request = parseTimestampRequest(query);
  } catch {
    return reply(rejectedResponse('the request cannot be read', BAD_DATA_FORMAT));
  }
  if (request.policy !== null && request.policy !== tsa.policy) {
    return reply(rejectedResponse(`only policy ${tsa.policy} is offered`, UNACCEPTED_POLICY));
  }
  const token = await stamp(request, tsa);
  const body = grantedResponse(token);
  return reply(tsa.fault === 'truncated' ? body.subarray(0, body.length - 40) : body);
}

async function stamp(request: TimestampRequest, tsa: Authority): Promise<Uint8Array> {
  const { fault } = tsa;
  const genTime = tsa.clock();
  const token = await createToken(await signerFor(tsa, genTime), {
    imprint: fault === 'wrong-imprint' ? otherImprint(request) : request.imprint,
    nonce: fault === 'wrong-nonce' ? freshSerial() : fault === 'no-nonce' ? null : request.nonce,
    policy: fault === 'wrong-policy' ? OTHER_POLICY : tsa.policy,
    serial: freshSerial(),
    genTime,
    withCertificates: request.wantCertificate && fault !== 'no-certificate',
  });
  // The signature value is the last thing in the token.
  if (fault === 'bad-signature') token[token.length - 4] = (token[token.length - 4] ?? 0) ^ 1;
  return token;
}

function signerFor(tsa: Authority, now: Date): Promise<Signer> | Signer {
  if (tsa.fault === 'expired-certificate')
    return tsa.certify('timestamp', new Date(now.getTime() - 3_600_000));
  if (tsa.fault === 'not-a-tsa') return tsa.certify('signer', new Date(now.getTime() + 3_600_000));
  return tsa.authority;
}

function otherImprint({ imprint }: TimestampRequest): TimestampRequest['imprint'] {
  return { ...imprint, digest: createHash(imprint.algorithm).update(imprint.digest).digest() };
}
