import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EventBatchBuilder } from '../../../../db/derived/events.ts';
import { packLogBlocks, unpackLogBlock } from '../../../../db/ledger/log-records.ts';
import { LogCollector } from '../../../../electron/logs/worker/collector.ts';
import type { ReadFacts } from '../../../../electron/logs/worker/read-bytes.ts';
import { asRecord } from '../../../../electron/logs/cloudtrail/parse-record.ts';
import { toUsageEvents } from '../../../../electron/logs/cloudtrail/usage-events.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { kmsRecord } from '../records.ts';

const MIB = 1024 * 1024;
const facts = { shape: 'records', kms: 0, compressed: false } as ReadFacts;

/** Twelve parts of 5 MiB of leaves, a block and a batch each: more than is held in memory. */
function* parts() {
  for (let i = 0; i < 12; i += 1) {
    const builder = new EventBatchBuilder();
    for (const row of toUsageEvents(asRecord(kmsRecord(i))!, i)) builder.add(row);
    const [block] = packLogBlocks([{ index: i, raw: Buffer.from(`record ${i}`) }]);
    yield { leaves: Buffer.alloc(5 * MIB, i), block: block!, events: builder.take()! };
  }
}

describe('what a large log file leaves', () => {
  it('comes back in order from disk and memory, leaves in pieces of 1 MiB', () => {
    const folder = temporaryFolder();
    const collector = new LogCollector(folder);
    for (const part of parts()) collector.add([part]);
    const log = collector.finish(facts);
    const pieces = Iterator.from(log.records.leaves as Iterable<Uint8Array>).map((p) => [p.length, p[0]]);
    expect([...pieces]).toEqual(Array.from({ length: 60 }, (_, i) => [MIB, Math.floor(i / 5)]));
    const raws = Iterator.from(log.records.blocks).flatMap((b) =>
      [...unpackLogBlock(b)].map((r) => r.raw.toString()),
    );
    expect([...raws]).toEqual(Array.from({ length: 12 }, (_, i) => `record ${i}`));
    const rows = () => [...Iterator.from(log.events).map((b) => [b.rows, b.numbers[0]])];
    expect(rows()).toEqual(Array.from({ length: 12 }, (_, i) => [1, i]));
    expect(rows()).toHaveLength(12); // a transaction that failed is tried again
    log.discard();
    expect(readdirSync(folder)).toEqual([]);
    expect([...log.events]).toEqual([]);
  });
});
