import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createEngagementFile, type OpenEngagement } from '../../db/open.ts';
import { checkpointStatement } from '../../db/ledger/checkpoint-statement.ts';
import type { EntryDraft } from '../../db/ledger/entry.ts';
import { leafHash, MerkleBuilder, merkleRoot } from '../../db/ledger/merkle.ts';
import { packLogBlocks } from '../../db/ledger/log-records.ts';
import { storedLines } from '../../db/ledger/read.ts';
import { LedgerWriter } from '../../db/ledger/writer.ts';
import { sha256Hex } from '../../db/ledger/hash.ts';
import { temporaryFolder } from './temporary.ts';

/** A new engagement file in a folder of its own, closed when the test ends. */
export function newEngagement(name = 'test.keywitness'): OpenEngagement & { writer: LedgerWriter } {
  const open = createEngagementFile(join(temporaryFolder(), name));
  onTestFinished(() => open.close());
  return { ...open, writer: new LedgerWriter(open.db) };
}

/** A plausible exchange; override what the test is about. */
export function exchangeDraft(facts: Partial<EntryDraft<'exchange'>['facts']> = {}): EntryDraft<'exchange'> {
  return {
    kind: 'exchange',
    facts: {
      snapshot: 's1',
      source: 'aws-1',
      op: 'aws.kms.DescribeKey',
      scope: '111122223333/eu-west-1',
      label: '',
      attempt: 1,
      start: '2026-07-01T10:00:00.000Z',
      end: '2026-07-01T10:00:00.120Z',
      host: 'kms.eu-west-1.amazonaws.com',
      outcome: 'ok',
      httpStatus: 200,
      errorCode: null,
      requestId: 'r-1',
      serverDate: 'Wed, 01 Jul 2026 10:00:00 GMT',
      tlsPeer: null,
      bodyClass: 'full',
      bodyBytes: 11,
      ...facts,
    },
    sealed: { params: '{"KeyId":"k1"}', caller: '{"arn":"arn:aws:iam::111122223333:user/ann"}' },
  };
}

/** A log file of `count` records of which every second is kept, with an entry draft for it. */
export function logFile(count: number) {
  const raws = Array.from({ length: count }, (_, i) => Buffer.from(`{"eventID":"e${i}"}`));
  const leaves = raws.map(leafHash);
  const kept = raws.map((raw, index) => ({ index, raw })).filter((r) => r.index % 2 === 0);
  const content = Buffer.concat(raws);
  const draft = exchangeDraft({
    op: 'aws.s3.GetObject',
    bodyClass: 'lines',
    bodyBytes: content.length,
    lines: {
      bytes: content.length,
      sha256: sha256Hex(content),
      contentBytes: content.length,
      contentSha256: sha256Hex(content),
      records: count,
      relevant: kept.length,
      rejected: 0,
      merkleRoot: merkleRoot(leaves).toString('hex'),
      firstEvent: null,
      lastEvent: null,
      defect: null,
    },
  });
  return { draft, records: { blocks: packLogBlocks(kept), leaves: Buffer.concat(leaves) }, kept, leaves };
}

/** Appends an unsigned checkpoint over everything so far. */
export async function appendCheckpoint(writer: LedgerWriter) {
  const tree = new MerkleBuilder();
  for (const { line } of storedLines(writer.db)) tree.add(leafHash(Buffer.from(line)));
  const claim = { upTo: writer.head.seq, head: writer.head.hash, merkleRoot: tree.root().toString('hex') };
  return writer.append({
    kind: 'checkpoint',
    facts: {
      purpose: 'snapshot',
      ...claim,
      statement: checkpointStatement(claim),
      signature: null,
      token: null,
      missing: 'no signer was given',
    },
  });
}
