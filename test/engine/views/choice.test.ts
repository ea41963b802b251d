import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LedgerWriter } from '../../../db/ledger/writer.ts';
import { derive } from '../../../electron/derive/derive.ts';
import { runs, snapshots } from '../../../electron/engagement/current.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import { defaultParameters } from '../../../electron/engagement/parameters.ts';
import { defaultMembers, membersOf, snapshotBefore } from '../../../electron/engagement/view.ts';
import { importIntoEngagement } from '../../../electron/engine/import-engagement.ts';
import { chosenSnapshot, openSnapshot } from '../../../electron/engine/snapshot-choice.ts';
import { declareDefaultView, ensureView } from '../../../electron/engine/views.ts';
import { exchangeDraft, newEngagement } from '../../support/ledger.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const ANN = { name: 'Ann', email: null };
const key = (id: string) => `arn:aws:kms:eu-west-1:111122223333:key/${id}`;

async function engagement() {
  const open = newEngagement();
  await declare(open.writer, ANN, 'engagement', '', {
    ...{ client: 'Acme', criteria: ['CC6.1'], mode: 'management' as const, type: 2 as const, sample: false },
    period: { from: '2026-01-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' },
    parameters: defaultParameters,
  });
  await declare(open.writer, ANN, 'source', 'files', { provider: 'files', id: 'files', title: 'Files' });
  return open;
}

/** One run that lists and describes keys, each with its state. */
async function live(writer: LedgerWriter, id: string, startedAt: string, keys: Record<string, string>) {
  await declare(writer, ANN, 'snapshot.open', id, {
    sources: ['aws-1'],
    startedAt,
    tool: { name: 'Keywitness', version: '0', node: '24', platform: 'linux' },
  });
  const ask = (op: string, params: object, body: object) => {
    const draft = exchangeDraft({ op, snapshot: id, label: op.endsWith('ListKeys') ? 'start' : '' });
    return writer.append(
      { ...draft, sealed: { ...draft.sealed, params: JSON.stringify(params) } },
      { body: Buffer.from(JSON.stringify(body)) },
    );
  };
  await ask('aws.kms.ListKeys', {}, { Keys: Object.keys(keys).map((k) => ({ KeyId: k, KeyArn: key(k) })) });
  for (const [k, state] of Object.entries(keys)) {
    await ask(
      'aws.kms.DescribeKey',
      { KeyId: key(k) },
      { KeyMetadata: { Arn: key(k), KeyId: k, KeyState: state, KeyManager: 'CUSTOMER' } },
    );
  }
  await declare(writer, ANN, 'snapshot.close', id, { state: 'complete', endedAt: startedAt, why: null });
}

describe('what is read together', () => {
  it('is the newest collection of every source, and nothing is declared for one alone', async () => {
    const { db, writer } = await engagement();
    await live(writer, 's1', '2026-06-01T00:00:00.000Z', { a: 'Enabled' });
    await declareDefaultView(writer, ANN);
    expect(snapshots(db).map(({ id }) => id)).toEqual(['s1']);
    await live(writer, 's2', '2026-06-20T00:00:00.000Z', { a: 'Enabled' });
    expect(defaultMembers(db)).toEqual(['s2']);
    expect(chosenSnapshot(db).id).toBe('s2');
    expect(snapshotBefore(db, 's2')?.id).toBe('s1');
    expect(snapshotBefore(db, 's1')).toBeUndefined();
  });

  it('can be chosen, in any order of words, once; a run that is not there is refused with what is', async () => {
    const { db, writer } = await engagement();
    await live(writer, 's1', '2026-06-01T00:00:00.000Z', { a: 'Enabled' });
    await live(writer, 's2', '2026-06-20T00:00:00.000Z', { a: 'Enabled' });
    expect(() => chosenSnapshot(db, 's1+s2')).toThrow('keywitness test --snapshot s1+s2');
    expect(await ensureView({ db, writer }, ANN, 's2,s1')).toBe('v1');
    expect(await ensureView({ db, writer }, ANN, 's1+s2')).toBe('v1');
    expect(membersOf(db, 'v1')).toEqual(['s1', 's2']);
    expect(() => chosenSnapshot(db, 's9')).toThrow('the engagement has s1, s2, v1 (s1+s2)');
    // A second declaration of the same view changes nothing.
    await declare(writer, ANN, 'snapshot.view', 'v1', { members: ['s2', 's1'] });
    expect(membersOf(db, 'v1')).toEqual(['s1', 's2']);
  });

  it('takes the settings of a source from its newest collection, and keeps keys that it lists no more', async () => {
    const { db, writer } = await engagement();
    await live(writer, 's1', '2026-06-01T00:00:00.000Z', { a: 'Disabled', gone: 'Enabled' });
    await live(writer, 's2', '2026-06-20T00:00:00.000Z', { a: 'Enabled', b: 'Enabled' });
    await declare(writer, ANN, 'snapshot.view', 'v1', { members: ['s1', 's2'] });
    derive(db);
    const keys = db
      .prepare("SELECT native_id, state, basis, description FROM key WHERE snapshot = 'v1' ORDER BY id")
      .raw()
      .all();
    expect(keys).toEqual([
      ['a', 'Enabled', 'observed', null],
      ['b', 'Enabled', 'observed', null],
      [
        'gone',
        null,
        'logged',
        'Known from snapshot s1; the newest collection of its source does not list it.',
      ],
    ]);
  });
});

it('an import of nothing leaves no snapshot, and one without an end is not what is resumed or shown', async () => {
  const { db, writer } = await engagement();
  await live(writer, 's1', '2026-06-01T00:00:00.000Z', { a: 'Enabled' });
  const empty = join(temporaryFolder(), 'empty');
  mkdirSync(empty);
  const given = { operator: ANN, signer: null, timestamp: { urls: [] } };
  await expect(importIntoEngagement({ db, writer }, { ...given, paths: [empty] })).rejects.toThrow(
    'no files',
  );
  await expect(importIntoEngagement({ db, writer }, { ...given, paths: ['none'] })).rejects.toThrow(
    'no such',
  );
  expect(runs(db)).toHaveLength(1);
  // As an earlier version left it.
  await declare(writer, ANN, 'snapshot.open', 's2', {
    sources: ['files'],
    startedAt: '2026-06-02T00:00:00.000Z',
    tool: { name: 'Keywitness', version: '0', node: '24', platform: 'linux' },
  });
  expect(chosenSnapshot(db).id).toBe('s1');
  expect(() => openSnapshot(db)).toThrow('no collection was stopped');
});
