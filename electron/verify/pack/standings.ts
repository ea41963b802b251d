import { isBelieved, type CadesCheck } from '../../seal/cades.ts';
import type { RevocationData } from '../../seal/revocation/status.ts';
import type { TimestampCheck } from '../../seal/timestamp/token.ts';
import type { Check } from '../verification.ts';
import { checkRevocation } from './revocation-check.ts';

/** A signature with everything that may tell of those behind it. */
export interface Signed {
  readonly cades: CadesCheck;
  /** Tokens over all of it that hold, oldest first, besides those inside the signature. */
  readonly later: readonly TimestampCheck[];
  /** Certificates at hand besides those inside the signature, DER. */
  readonly certificates: readonly Uint8Array[];
  /** Revocation data at hand besides those inside the signature and the tokens. */
  readonly revocation: RevocationData;
}

/** Who was in good standing, and what time that leaves proved. */
export interface Standings {
  checks: Check[];
  /** The pack holds all that a later reader needs: level LT. */
  complete: boolean;
  doubts: string[];
  /** The earliest time that still counts; null when there is none. */
  provenTime: Date | null;
}

/**
 * Looks at the authorities first: a token whose authority is in doubt proves no time, unless nothing else does. The signer
 * then is looked at as of the time that is left.
 *
 * @param what names the checks: "" for the pack, else the file.
 */
export function checkStandings(
  { cades, later, certificates, revocation }: Signed,
  what: { id: string; of: string },
): Standings {
  const tokens = [...cades.timestamps.filter(({ valid }) => valid), ...later];
  const held = [revocation, cades.revocation, ...tokens.map((token) => token.revocation)];
  const data = { crls: held.flatMap(({ crls }) => crls), ocsps: held.flatMap(({ ocsps }) => ocsps) };
  const others = [...cades.certificates, ...certificates];
  const latest = new Map(tokens.map((token) => [token.authority!.fingerprint, token]));
  const authorities = [...latest].map(([fingerprint, token]) => ({
    fingerprint,
    standing: checkRevocation(
      { id: what.id, title: `Standing of ${token.authority!.subject}${what.of}`, role: 'authority' },
      token.path,
      others,
      data,
      token.genTime,
    ),
  }));
  const doubted = new Set(
    authorities.filter(({ standing }) => standing.doubt !== null).map(({ fingerprint }) => fingerprint),
  );
  const sound = tokens.filter(({ authority }) => !doubted.has(authority!.fingerprint));
  const provenTime = earliest(sound.filter(isBelieved)) ?? earliest(sound) ?? earliest(tokens);
  const signer = checkRevocation(
    { id: what.id, title: `Standing of the signer's certificates${what.of}`, role: 'signer' },
    cades.path,
    others,
    data,
    provenTime,
  );
  const standings = [signer, ...authorities.map(({ standing }) => standing)];
  // A second authority that is not in doubt proves the time alone.
  const doubts = sound.length > 0 ? [signer] : standings;
  return {
    checks: standings.map(({ check }) => check),
    // Data about the authority of the last time come with the next one (EN 319 122-1 §5.5.3).
    complete: standings.every(
      ({ complete }, n) => complete || (n > 0 && n === standings.length - 1 && later.length > 0),
    ),
    doubts: doubts.flatMap(({ doubt }) => (doubt === null ? [] : [doubt])),
    provenTime,
  };
}

const earliest = (tokens: readonly TimestampCheck[]): Date | null =>
  tokens.length > 0 ? new Date(Math.min(...tokens.map(({ genTime }) => genTime.getTime()))) : null;
