import { closeSync, openSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngagementError } from '../../../../db/error.ts';
import { LedgerWriter } from '../../../../db/ledger/writer.ts';
import { openEngagementFile } from '../../../../db/open.ts';

/*
 * Opens an engagement for writing again and again until the time is up; prints how often it held the file. While it
 * does, a file stands that no other holder may find: a second holder ends with an error.
 */
const [path, until, name] = process.argv.slice(2) as [string, string, string];
const held = `${path}.held`;
let turns = 0;
while (Date.now() < Number(until)) {
  try {
    const open = openEngagementFile(path);
    closeSync(openSync(held, 'wx'));
    const writer = new LedgerWriter(open.db);
    const facts = { what: 'turn', subject: `${name} ${turns}` };
    await writer.append({ kind: 'declaration', facts, sealed: { value: '{}' } });
    rmSync(held);
    open.close();
    turns += 1;
  } catch (error) {
    if (!(error instanceof EngagementError && error.code === 'LOCKED')) throw error;
  }
  await sleep(Math.random() * 3);
}
process.stdout.write(String(turns));
