import type { CheckpointFacts } from '../../db/ledger/entry.ts';
import { isBelieved, verifyCades, type VerifyOptions } from '../seal/cades.ts';
import { SealError } from '../seal/error.ts';
import { verifyTimestampToken } from '../seal/timestamp/token.ts';

/** What the seal of one checkpoint proves. */
export interface CheckpointSeal {
  signature: 'valid' | 'invalid' | 'absent';
  token: 'valid' | 'invalid' | 'absent';
  /** Who signed, as the certificate names them; null when nobody did. */
  signer: string | null;
  /** Time the token proves, UTC; null without a valid token. */
  provenTime: string | null;
  /** True when the token's authority leads to a certificate that the verifier trusts. */
  trustedTime: boolean;
  problems: string[];
}

/** Checks signature and timestamp of a checkpoint over its own statement. */
export function verifyCheckpointSeal(facts: CheckpointFacts, options: VerifyOptions = {}): CheckpointSeal {
  const statement = Buffer.from(facts.statement, 'utf8');
  const seal: CheckpointSeal = {
    signature: 'absent',
    token: 'absent',
    signer: null,
    provenTime: null,
    trustedTime: false,
    problems: [],
  };
  if (facts.signature !== null) {
    attempt(seal, 'signature', () => {
      const check = verifyCades(Buffer.from(facts.signature!, 'base64'), statement, options);
      seal.signer = check.signer?.subject ?? null;
      seal.problems.push(...check.problems);
      return check.valid;
    });
  }
  if (facts.token !== null) {
    attempt(seal, 'token', () => {
      const check = verifyTimestampToken(Buffer.from(facts.token!, 'base64'), statement, {
        trusted: options.trustedAuthorities ?? options.trusted ?? [],
        ...(options.at ? { at: options.at } : {}),
      });
      seal.problems.push(...check.problems);
      if (check.valid) seal.provenTime = check.genTime.toISOString();
      seal.trustedTime = isBelieved(check);
      return check.valid;
    });
  }
  return seal;
}

function attempt(seal: CheckpointSeal, part: 'signature' | 'token', check: () => boolean): void {
  try {
    seal[part] = check() ? 'valid' : 'invalid';
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    seal[part] = 'invalid';
    seal.problems.push(error.message);
  }
}
