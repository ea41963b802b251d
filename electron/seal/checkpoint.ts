import { imprintOf } from './digest.ts';
import { readCertificate } from './certificate.ts';
import { SealError } from './error.ts';
import { ownCertificate, type Signer } from './signer.ts';
import { signCades, verifyCades, type CadesCheck, type VerifyOptions } from './cades.ts';
import { requestTimestamp, type TimestampOptions } from './timestamp/client.ts';
import { verifyTimestampToken, type TimestampCheck } from './timestamp/token.ts';

/** The seal of one statement about the ledger's head, in the form it is stored. */
export interface HeadSeal {
  /** Detached CAdES B-B over the statement, base64; null when there was no signer. */
  readonly signature: string | null;
  /** Lower-case hex SHA-256 of the signer's certificate; null when there was no signer. */
  readonly signerFingerprint: string | null;
  /** RFC 3161 token over the statement's SHA-256, base64; null when no authority could be reached. */
  readonly token: string | null;
  /** The token's time, ISO 8601 in UTC: the proven time. Null without a token: time pending. */
  readonly tokenTime: string | null;
  /** Which authority gave the token. */
  readonly tokenUrl: string | null;
  /** Why there is no token although one was asked for. */
  readonly tokenError: string | null;
}

/**
 * Seals a statement (the bytes of a ledger checkpoint) with a signature, a time-stamp, both or neither.
 *
 * An authority that cannot be reached does not fail the seal: the checkpoint is then "time pending" and says why.
 *
 * @throws SealError of the signer.
 */
export async function sealHead(
  statement: Uint8Array,
  signer: Signer | null,
  tsa: TimestampOptions | null,
  now: Date = new Date(),
): Promise<HeadSeal> {
  const signed = signer ? await signCades(statement, signer, { signingTime: now }) : null;
  const stamp = tsa ? await stampOrReason(statement, tsa) : null;
  return {
    signature: signed ? base64(signed.signature) : null,
    signerFingerprint: signer ? readCertificate(ownCertificate(signer)).fingerprint : null,
    token: stamp?.token ?? null,
    tokenTime: stamp?.tokenTime ?? null,
    tokenUrl: stamp?.tokenUrl ?? null,
    tokenError: stamp?.tokenError ?? null,
  };
}

async function stampOrReason(
  statement: Uint8Array,
  tsa: TimestampOptions,
): Promise<Pick<HeadSeal, 'token' | 'tokenTime' | 'tokenUrl' | 'tokenError'>> {
  try {
    const { token, genTime, url } = await requestTimestamp(imprintOf(statement), tsa);
    return {
      token: base64(token),
      tokenTime: genTime.toISOString(),
      tokenUrl: new URL(url).host,
      tokenError: null,
    };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    return { token: null, tokenTime: null, tokenUrl: null, tokenError: error.message };
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** What the seal of a statement proves. */
export interface HeadCheck {
  /** Null when the statement was not signed. */
  readonly signature: CadesCheck | null;
  /** Null when the statement was not time-stamped: time pending. */
  readonly timestamp: TimestampCheck | null;
  /** Sentences; empty when everything that is there holds. */
  readonly problems: readonly string[];
}

/** Checks a stored seal against the statement's bytes. Never throws for a wrong or damaged seal. */
export function verifyHead(
  statement: Uint8Array,
  seal: Pick<HeadSeal, 'signature' | 'signerFingerprint' | 'token' | 'tokenTime'>,
  options: VerifyOptions = {},
): HeadCheck {
  const problems: string[] = [];
  const attempt = <T>(part: string, check: () => T): T | null => {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      problems.push(`${part}: ${error.message}`);
      return null;
    }
  };
  const { signature, token } = seal;
  const trustedAuthorities = options.trustedAuthorities ?? options.trusted ?? [];
  const at = options.at ?? new Date();
  const timestamp =
    token === null
      ? null
      : attempt('time-stamp', () =>
          verifyTimestampToken(fromBase64(token), statement, { trusted: trustedAuthorities, at }),
        );
  const signed =
    signature === null
      ? null
      : attempt('signature', () => verifyCades(fromBase64(signature), statement, options));
  problems.push(...(signed?.problems ?? []).map((problem) => `signature: ${problem}`));
  problems.push(...(timestamp?.problems ?? []).map((problem) => `time-stamp: ${problem}`));
  if (signed && signed.signer?.fingerprint !== seal.signerFingerprint) {
    problems.push('signature: it was made with another certificate than the checkpoint states');
  }
  if (timestamp && timestamp.genTime.toISOString() !== seal.tokenTime) {
    problems.push('time-stamp: its time differs from the one the checkpoint states');
  }
  return { signature: signed, timestamp, problems };
}

const fromBase64 = (text: string): Uint8Array => Buffer.from(text, 'base64');
