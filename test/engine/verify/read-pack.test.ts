import { open } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readDirectory } from '../../../electron/verify/container/read-directory.ts';
import { digestFiles } from '../../../electron/verify/pack/digests.ts';
import { readLedger, readLedgerApart } from '../../../electron/verify/read-ledger.ts';
import { readPack } from '../../../electron/verify/read-pack.ts';
import { smallPack } from '../../support/small-pack.ts';

test('a ledger checked on a thread of its own, and files hashed while they are checked, give the same', async () => {
  const { pack, trusted } = await smallPack();
  const file = await open(pack.zip);
  try {
    const { entries } = await readDirectory(file);
    const order = { entries, texts: new Map<string, string>(), options: { trusted } };
    const here = await readLedger(file, order);
    expect(here.read.size).toBeGreaterThan(4);
    expect(await readLedgerApart(pack.zip, order)).toEqual(here);
    const { read } = await readPack(file, pack.zip, order);
    expect([...read]).toEqual(entries.map(({ name }) => [name, read.get(name)]));
    expect(read).toEqual(await digestFiles(file, entries));
  } finally {
    await file.close();
  }
});
