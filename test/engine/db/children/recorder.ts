import { writeSync } from 'node:fs';
import { LedgerWriter } from '../../../../db/ledger/writer.ts';
import { openEngagementFile } from '../../../../db/open.ts';
import { exchangeDraft } from '../../../support/ledger.ts';

/*
 * Records calls until it is killed. Says each thing only once it was told that it is committed: "begun LABEL" and
 * "done LABEL SEQ".
 */
const [path, round] = process.argv.slice(2) as [string, string];
const writer = new LedgerWriter(openEngagementFile(path).db);
await writer.recoverInterrupted();
async function record(lane: number): Promise<never> {
  for (let n = 0; ; n += 1) {
    const label = `${round}-${lane}-${n}`;
    const draft = exchangeDraft({ label });
    const { snapshot, source, op, scope, attempt, start, host, bodyClass } = draft.facts;
    const facts = { snapshot, source, op, scope, label, attempt, start, host, bodyClass };
    const id = await writer.begin({ facts, sealed: draft.sealed! });
    writeSync(1, `begun ${label}\n`);
    const { seq } = await writer.finish(id, draft, { body: Buffer.from(label.repeat(200)) });
    writeSync(1, `done ${label} ${seq}\n`);
  }
}
await Promise.all([0, 1, 2, 3].map(record));
