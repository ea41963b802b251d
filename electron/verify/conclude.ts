import type { CadesCheck } from '../seal/cades.ts';
import type { Check, Verdict, Verification } from './verification.ts';

/** What was found, to be summed up. */
export interface Findings {
  path: string;
  checks: Check[];
  cades: CadesCheck | null;
  /** The earliest time that counts. */
  provenTime: Date | null;
  /** Why the signature cannot be relied on although nothing is altered. */
  doubts: readonly string[];
  level: Verification['level'];
}

/** The verdict, and a sentence that says no more than was proved. */
export function conclude({ path, checks, cades, doubts, level, ...findings }: Findings): Verification {
  const failed = checks.filter((check) => check.result === 'fail');
  const provenTime = findings.provenTime?.toISOString() ?? null;
  const verdict = verdictOf(failed.length > 0, doubts.length > 0, provenTime === null);
  return {
    subject: path,
    verdict,
    headline: headline(verdict, failed, doubts, cades, provenTime),
    claimedTime: cades?.signingTime?.toISOString() ?? null,
    provenTime,
    level,
    checks,
  };
}

function verdictOf(altered: boolean, doubtful: boolean, pending: boolean): Verdict {
  if (altered) return 'altered';
  if (doubtful) return 'cannot-tell';
  return pending ? 'intact-time-pending' : 'intact';
}

function headline(
  verdict: Verdict,
  failed: readonly Check[],
  doubts: readonly string[],
  cades: CadesCheck | null,
  provenTime: string | null,
): string {
  const trusted = cades?.trust === 'trusted' && cades.chainProblems.length === 0;
  const signer = trusted ? 'signer trusted' : 'signer self-asserted';
  switch (verdict) {
    case 'altered':
      return failed.every((check) => check.id === 'container')
        ? `Altered outside the files: ${failed[0]!.detail} The files themselves are what was sealed; other programs may unpack them otherwise.`
        : `Altered. ${failed[0]!.detail}`;
    case 'intact':
      return `Intact: unchanged since ${provenTime} (${signer}). All files extract to exactly what was sealed.`;
    case 'intact-time-pending':
      return `Intact, time pending (${signer}): all files extract to exactly what was sealed; no timestamp says since when.`;
    case 'cannot-tell':
      return `Cannot tell whether the signature counts: ${doubts[0]}. All files extract to exactly what was sealed.`;
  }
}
