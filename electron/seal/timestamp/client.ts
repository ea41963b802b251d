import { randomBytes } from 'node:crypto';
import type { Certificate } from '../certificate.ts';
import { checkImprint, type Imprint } from '../digest.ts';
import { SealError } from '../error.ts';
import { postQuery, type Fetch } from './transport.ts';
import { encodeTimestampRequest } from './request.ts';
import { tokenOfResponse } from './response.ts';
import { assertTimestamp, parseTimestampToken, verifyTimestampToken } from './token.ts';

/** How to obtain a time-stamp. */
export interface TimestampOptions {
  /** Authorities, tried in this order until one gives a good token. */
  readonly urls: readonly string[];
  /** Authorities to be asked besides, in this order, for a second time by somebody else. */
  readonly second?: readonly string[];
  /** When given, the token's certificate must lead to one of these (DER). */
  readonly trusted?: readonly Uint8Array[];
  /** Policy to ask for; the token must then carry it. */
  readonly policy?: string;
  /** Per authority, default 15,000 ms. */
  readonly timeoutMs?: number;
  readonly fetch?: Fetch;
  readonly signal?: AbortSignal;
  /** Random unless given; 8 bytes or more. Only tests give one. */
  readonly nonce?: Uint8Array;
}

/** A checked time-stamp token and what it states. */
export interface Timestamp {
  /** The token as DER, as received. */
  readonly token: Uint8Array;
  readonly genTime: Date;
  readonly accuracyMs: number | null;
  /** Lower-case hex. */
  readonly serial: string;
  readonly policy: string;
  readonly tsaCertificate: Certificate;
  readonly url: string;
  /** What other authorities answered before this one succeeded, in order. */
  readonly failures: readonly { readonly url: string; readonly error: SealError }[];
}

/**
 * Obtains an RFC 3161 time-stamp over a hash. Only that hash and a random number leave the machine.
 *
 * @throws SealError of the only authority, or TSA_UNREACHABLE listing every one's reason when all failed.
 */
export async function requestTimestamp(imprint: Imprint, options: TimestampOptions): Promise<Timestamp> {
  checkImprint(imprint);
  if (options.urls.length === 0) {
    throw new SealError(
      'TSA_URL_UNSUITABLE',
      'cannot obtain a timestamp: no authority is configured. Give a TSA address',
    );
  }
  const failures: { url: string; error: SealError }[] = [];
  for (const url of options.urls) {
    try {
      return { ...(await requestFrom(url, imprint, options)), failures };
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof SealError)) throw error;
      failures.push({ url, error });
    }
  }
  const [only] = failures;
  if (failures.length === 1 && only) throw only.error;
  const told = failures.map(({ url, error }) => `${hostOf(url)}: ${error.message}`).join(' | ');
  throw new SealError(
    'TSA_UNREACHABLE',
    `cannot obtain a timestamp: all ${failures.length} authorities failed. ${told}`,
    {
      cause: new AggregateError(failures.map(({ error }) => error)),
    },
  );
}

async function requestFrom(
  url: string,
  imprint: Imprint,
  options: TimestampOptions,
): Promise<Omit<Timestamp, 'failures'>> {
  const nonce = options.nonce ?? freshNonce();
  const query = encodeTimestampRequest({
    imprint,
    nonce,
    policy: options.policy ?? null,
    wantCertificate: true,
  });
  const token = tokenOfResponse(await postQuery(url, query, options));
  try {
    return { url, ...checkToken(token, imprint, nonce, options) };
  } catch (error) {
    if (error instanceof SealError && error.code === 'MALFORMED') {
      throw new SealError('TSA_ANSWER_MALFORMED', `cannot use the timestamp: ${error.message}`, {
        cause: error,
      });
    }
    throw error;
  }
}

/** 128 random bits whose first is not zero, so the encoding keeps its length. */
function freshNonce(): Uint8Array {
  const nonce = randomBytes(16);
  nonce[0] = (nonce[0] ?? 0) | 0x40;
  return nonce;
}

function checkToken(
  token: Uint8Array,
  imprint: Imprint,
  nonce: Uint8Array,
  options: TimestampOptions,
): Omit<Timestamp, 'failures' | 'url'> {
  const info = parseTimestampToken(token);
  if (
    info.nonce !==
    Buffer.from(nonce)
      .toString('hex')
      .replace(/^(00)+(?=..)/, '')
  ) {
    throw wrong('its nonce is not the one sent, so it may be an old answer replayed');
  }
  if (options.policy !== undefined && info.policy !== options.policy) {
    throw wrong(`its policy is ${info.policy} and ${options.policy} was asked for`);
  }
  const check = verifyTimestampToken(token, imprint, { trusted: options.trusted ?? [], at: info.genTime });
  assertTimestamp(check);
  if (check.authority === null) throw wrong('its certificate is not inside');
  if (options.trusted !== undefined && (check.trust !== 'trusted' || check.chainProblems.length > 0)) {
    throw new SealError(
      'TSA_UNTRUSTED',
      `cannot trust the timestamp of "${check.authority.subject}": ${check.chainProblems.join('; ') || 'it leads to no trusted certificate'}. Add its root certificate or use another authority`,
    );
  }
  const { genTime, accuracyMs, serial, policy } = info;
  return { token, genTime, accuracyMs, serial, policy, tsaCertificate: check.authority };
}

function wrong(reason: string): SealError {
  return new SealError('TSA_ANSWER_WRONG', `cannot use the timestamp: ${reason}. Try another authority`);
}

/** Addresses may carry credentials; only the host is ever printed. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an invalid address';
}
