import type { VerifyOptions } from '../../seal/cades.ts';
import { verifyCheckpointSeal } from '../checkpoint-seal.ts';
import { cannotTell, fail, pass, type Check } from '../verification.ts';
import { checkBodies } from './body-check.ts';
import type { OpenFile } from './evidence.ts';
import { checkIndex } from './index-check.ts';
import { walkLedger, type WalkedLedger } from './ledger-check.ts';
import { checkActivity, checkHead } from './ledger-statements.ts';
import { checkLogRecords } from './record-check.ts';

/** Everything that hangs on the ledger in the pack: chain, bodies, log records, checkpoints, and what is said of it. */
export async function checkLedger(
  openFile: OpenFile,
  names: ReadonlySet<string>,
  texts: ReadonlyMap<string, string>,
  options: VerifyOptions,
): Promise<Check[]> {
  const title = 'Ledger chain';
  const ledger = await walkLedger(openFile);
  if ('what' in ledger) return [fail('ledger', title, `${ledger.file}: ${ledger.what}.`)];
  const checks = [
    pass(
      'ledger',
      title,
      `${ledger.entries} entries, each linked to the one before; Merkle root ${ledger.merkleRoot}.`,
    ),
    await evidenceCheck(
      'bodies',
      'Recorded bodies',
      () => checkBodies(openFile, ledger.bodies, names),
      `${ledger.bodies.size} bodies are what was recorded.`,
    ),
    await evidenceCheck(
      'log-records',
      'Raw log records',
      () => checkLogRecords(openFile, ledger.logFiles, names),
      `The raw records of ${[...ledger.logFiles.values()].filter((f) => f.relevant > 0).length} log files are in the files they came from.`,
    ),
    ...checkpointChecks(ledger, options),
    checkHead(texts.get('data/ledger/head.json') ?? null, ledger),
    await checkActivity(openFile, ledger),
    checkIndex(texts.get('data/pack.json'), ledger, names),
  ];
  if (ledger.withheld > 0) {
    checks.push(
      cannotTell(
        'disclosure',
        'Disclosure',
        `${ledger.withheld} sealed values are withheld from this pack; their commitments are in the chain.`,
      ),
    );
  }
  return checks;
}

async function evidenceCheck(
  id: string,
  title: string,
  check: () => Promise<{ file: string; what: string } | null>,
  fine: string,
): Promise<Check> {
  try {
    const fault = await check();
    return fault ? fail(id, title, `${fault.file}: ${fault.what}.`) : pass(id, title, fine);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError))
      throw error;
    return fail(id, title, `It cannot be read: ${error.message}.`);
  }
}

function checkpointChecks(ledger: WalkedLedger, options: VerifyOptions): Check[] {
  return ledger.checkpoints.map(({ seq, facts }) => {
    const title = `Checkpoint at entry ${seq} over entries 1 to ${facts.upTo}`;
    const seal = verifyCheckpointSeal(facts, options);
    if (seal.signature === 'invalid' || seal.token === 'invalid') {
      return fail('checkpoint', title, `${seal.problems.join('; ')}.`);
    }
    if (seal.token === 'absent')
      return cannotTell(
        'checkpoint',
        title,
        `It has no trusted time: ${facts.missing ?? 'none was asked for'}.`,
      );
    return pass(
      'checkpoint',
      title,
      `The evidence up to there existed at ${seal.provenTime}${seal.signer ? `, signed by ${seal.signer}` : ''}.`,
    );
  });
}
