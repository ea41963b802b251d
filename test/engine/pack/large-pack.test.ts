import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from '../../../electron/controls/index.ts';
import { buildPack } from '../../../electron/pack/build-pack.ts';
import { createDemoSigner } from '../../../electron/seal/demo-signer.ts';
import { readDirectory } from '../../../electron/verify/container/read-directory.ts';
import { verifyPack } from '../../../electron/verify/verify-pack.ts';
import { fillLargeSnapshot } from '../../support/large-pack.ts';
import { smallSnapshot } from '../../support/small-snapshot.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const KEYS = 20_000;

describe('a pack of 20,000 keys', () => {
  it('keeps every limit, stays small in memory, and verifies', async () => {
    const { db, writer } = await smallSnapshot(true);
    fillLargeSnapshot(db, KEYS);
    const now = new Date();
    const { signer } = await createDemoSigner(now);
    const before = process.memoryUsage.rss();
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 50);
    const pack = await buildPack(db, writer, {
      folder: join(temporaryFolder(), 'out'),
      snapshot: 's1',
      signer,
      timestamp: null,
      signerRoots: [],
      authorityRoots: [],
      now,
      controls: CONTROLS,
      rulesVersion: '1',
      quotaOf: () => 'not stated',
      notices: [],
      logs: {
        coverage: [],
        coveragePercent: null,
        changes: { events: [], total: 0, file: 'data/3-usage-logs/changes.csv' },
        unlisted: [],
        usageOf: () => ({ bins: [], total: 0, statement: 'No events.', operations: [] }),
        files: [],
        tables: [],
      },
    });
    clearInterval(watch);
    const file = await open(pack.zip);
    const { entries, faults } = await readDirectory(file);
    await file.close();
    expect(faults).toEqual([]);
    expect(entries.length).toBeLessThanOrEqual(900);
    for (const entry of entries)
      expect(entry.bytes / Math.max(1, entry.compressedBytes), entry.name).toBeLessThan(90);

    const { verdict } = await verifyPack(pack.zip);
    expect(verdict).toBe('intact-time-pending');
    // One workbook and the report are the largest things held; a table held whole would be several times this.
    expect(most - before).toBeLessThan(800 * 1024 * 1024);
  }, 240_000);
});
