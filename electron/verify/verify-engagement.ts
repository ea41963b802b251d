import { openReadable } from '../../db/open.ts';
import { verifyLedger, type LedgerReport } from '../../db/ledger/verify-ledger.ts';
import type { ChainFault } from '../../db/ledger/verify-chain.ts';
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

/** The last checkpoint with a timestamp that holds: how far it reaches, and the time it proves (UTC). */
interface Proven {
  upTo: number;
  time: string | null;
}

function faultSentence({ seq, what }: ChainFault): string {
  return seq === 0 ? `The file as a whole: ${what}.` : `Entry ${seq}: ${what}.`;
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
      ? fail('ledger', 'Ledger chain', faultSentence(report.fault))
      : pass(
          'ledger',
          'Ledger chain',
          `${report.entries} entries, each linked to the one before, with every value, body and log record they name.`,
        ),
  ];
  let proven: Proven = { upTo: 0, time: null };
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
      proven = { upTo: facts.upTo, time: seal.provenTime };
      const who = seal.signer ? `signed by ${seal.signer}` : 'not signed';
      const authority = seal.trustedTime
        ? 'an authority you trust'
        : 'an authority you have not said you trust';
      checks.push(pass('checkpoint', title, `Existed at ${seal.provenTime}, says ${authority}; ${who}.`));
    }
  }
  // The entry after the last one covered is the checkpoint itself. One without a timestamp covers nothing: whoever can
  // write the file could write it anew.
  checks.push(
    proven.upTo > 0 && proven.upTo >= report.entries - 1
      ? pass('coverage', 'Covered by timestamps', `All entries up to ${proven.upTo} are covered.`)
      : cannotTell(
          'coverage',
          'Covered by timestamps',
          `Entries after ${proven.upTo} are not covered by a timestamped checkpoint yet: whoever can write the file could rewrite them.`,
        ),
  );
  const verdict = verdictOf(checks, proven.time);
  return {
    subject: path,
    verdict,
    headline: headline(verdict, checks, report, proven),
    claimedTime: null,
    provenTime: proven.time,
    level: null,
    checks,
  };
}

function verdictOf(checks: readonly Check[], provenTime: string | null): Verdict {
  if (checks.some((c) => c.result === 'fail')) return 'altered';
  return provenTime === null ? 'intact-time-pending' : 'intact';
}

function headline(verdict: Verdict, checks: readonly Check[], report: LedgerReport, proven: Proven): string {
  switch (verdict) {
    case 'altered':
      return `Altered. ${checks.find((c) => c.result === 'fail')!.detail}`;
    case 'intact':
      return `Intact: entries 1 to ${proven.upTo} are unchanged since ${proven.time} (timestamp).`;
    case 'intact-time-pending':
      return `Intact, time pending: ${report.entries} entries are consistent; no timestamp says since when.`;
    case 'cannot-tell':
      return 'Cannot tell.';
  }
}
