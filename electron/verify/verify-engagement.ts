import { openReadable } from '../../db/open.ts';
import { verifyLedger, type LedgerReport } from '../../db/ledger/verify-ledger.ts';
import type { VerifyOptions } from '../seal/cades.ts';
import { verifyCheckpointSeal } from './checkpoint-seal.ts';
import { cannotTell, fail, pass, type Check, type Verdict, type Verification } from './verification.ts';

/**
 * Verifies the ledger of an engagement file: chain, sealed values, bodies, log records and checkpoints.
 *
 * Changes are detected up to the last checkpoint. Past it, somebody who can write the file could rewrite the chain, and
 * this says so.
 *
 * @throws EngagementError when the file cannot be opened.
 */
export function verifyEngagement(path: string, options: VerifyOptions = {}): Verification {
  const db = openReadable(path);
  try {
    const integrity = db.pragma('quick_check(1)', { simple: true }) as string;
    const report = verifyLedger(db);
    return conclude(path, report, options, integrity === 'ok' ? null : integrity);
  } finally {
    db.close();
  }
}

function conclude(
  path: string,
  report: LedgerReport,
  options: VerifyOptions,
  damage: string | null,
): Verification {
  const checks: Check[] = [
    damage === null
      ? pass('sqlite', 'Database file', 'SQLite finds the file structurally sound.')
      : fail('sqlite', 'Database file', `SQLite finds it damaged: ${damage}`),
    report.fault
      ? fail('ledger', 'Ledger chain', `Entry ${report.fault.seq}: ${report.fault.what}.`)
      : pass(
          'ledger',
          'Ledger chain',
          `${report.entries} entries, each linked to the one before, with every value, body and log record they name.`,
        ),
  ];
  let provenTime: string | null = null;
  for (const { seq, facts } of report.checkpoints) {
    const seal = verifyCheckpointSeal(facts, options);
    const title = `Checkpoint at entry ${seq} over entries 1 to ${facts.upTo}`;
    if (seal.signature === 'invalid' || seal.token === 'invalid') {
      checks.push(fail('checkpoint', title, `Its seal does not hold: ${seal.problems.join('; ')}.`));
    } else if (seal.token === 'absent') {
      checks.push(
        cannotTell('checkpoint', title, `It has no trusted time: ${facts.missing ?? 'none was asked for'}.`),
      );
    } else {
      provenTime = seal.provenTime;
      const who = seal.signer ? `signed by ${seal.signer}` : 'not signed';
      checks.push(pass('checkpoint', title, `Existed at ${seal.provenTime} (timestamp); ${who}.`));
    }
  }
  checks.push(
    report.coveredUpTo >= report.entries - 1 && report.coveredUpTo > 0
      ? pass('coverage', 'Covered by checkpoints', `All entries up to ${report.coveredUpTo} are covered.`)
      : cannotTell(
          'coverage',
          'Covered by checkpoints',
          `Entries after ${report.coveredUpTo} are not covered by a checkpoint yet: whoever can write the file could rewrite them.`,
        ),
  );
  const verdict = verdictOf(checks, provenTime);
  return {
    subject: path,
    verdict,
    headline: headline(verdict, checks, report, provenTime),
    claimedTime: null,
    provenTime,
    checks,
  };
}

function verdictOf(checks: readonly Check[], provenTime: string | null): Verdict {
  if (checks.some((c) => c.result === 'fail')) return 'altered';
  return provenTime === null ? 'intact-time-pending' : 'intact';
}

function headline(
  verdict: Verdict,
  checks: readonly Check[],
  report: LedgerReport,
  provenTime: string | null,
): string {
  switch (verdict) {
    case 'altered':
      return `Altered. ${checks.find((c) => c.result === 'fail')!.detail}`;
    case 'intact':
      return `Intact: entries 1 to ${report.coveredUpTo} are unchanged since ${provenTime} (timestamp).`;
    case 'intact-time-pending':
      return `Intact, time pending: ${report.entries} entries are consistent; no timestamp says since when.`;
    case 'cannot-tell':
      return 'Cannot tell.';
  }
}
