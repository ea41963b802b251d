import { describe, expect, it } from 'vitest';
import { methods } from '../../../electron/api/contract.ts';
import { derive } from '../../../electron/derive/derive.ts';
import { listReads } from '../../../electron/engine/reads/list-reads.ts';
import { recordListReads } from '../../../electron/engine/reads/record-list-reads.ts';
import { listWorks } from '../../../electron/engine/works/list-works.ts';
import type { Bench } from '../../../electron/engine/works/work.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ACCOUNT,
  ANALYST,
  keyArn,
  newAwsLedger,
  SNAPSHOT,
  type AwsLedger,
} from '../../support/aws-ledger.ts';
import { temporaryFolder } from '../../support/temporary.ts';

async function oneKey(): Promise<AwsLedger> {
  const ledger = newAwsLedger();
  await ledger.engagement({}, 2, 'management');
  await ledger.lists([1]);
  await ledger.describe(1);
  await ledger.tags(1, { System: 'orders' });
  await ledger.grants(1, []);
  await ledger.policy(1, {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/app` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
  derive(ledger.db);
  return ledger;
}

const allReads = { ...listReads, ...recordListReads };
type Reading = keyof typeof allReads;
type Working = keyof typeof listWorks;

/** Asks as the window does: the input through its schema, the output through its. */
function read<N extends Reading>(ledger: AwsLedger, name: N, input: object) {
  const given = methods[name].input.parse(input);
  return methods[name].output.parse(
    (allReads[name] as (db: unknown, input: never) => unknown)(ledger.db, given as never),
  );
}

async function work<N extends Working>(ledger: AwsLedger, name: N, input: object) {
  const bench = {
    session: { work: { db: ledger.db, writer: ledger.writer }, changed: () => undefined },
  } as unknown as Bench;
  const given = methods[name].input.parse({ ...input, operator: ANALYST });
  const answer = await (listWorks[name] as (bench: Bench, input: unknown) => unknown)(bench, given);
  return methods[name].output.parse(answer);
}

function fileOf(name: string, text: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

describe('records through the contract', () => {
  it('lists of people, systems and approved principals, and what they say of a key', async () => {
    const ledger = await oneKey();
    const people = fileOf('p.csv', 'name,to\nKim,\nLee,2026-01-01\n');
    expect(await work(ledger, 'people.import', { path: people, asOf: '2026-07-01' })).toEqual({
      people: 2,
      left: 1,
    });
    await work(ledger, 'systems.import', {
      path: fileOf('s.csv', 'system\norders\npayroll\n'),
      asOf: '2026-07-01',
    });
    expect(read(ledger, 'systems.reconcile', {})).toMatchObject({
      reconciliation: {
        systems: [
          { name: 'orders', keys: [keyArn(1)] },
          { name: 'payroll', keys: [] },
        ],
      },
    });
    const approved = fileOf('a.csv', 'principal,rights,approver,approved_at\napp,use,CISO,2026-05-01\n');
    expect(await work(ledger, 'approved.import', { path: approved })).toEqual({
      lists: [{ subject: '*', principals: 1 }],
    });
    const first = read(ledger, 'access.reviewed', { key: keyArn(1), limit: 1 }) as {
      rows: object[];
      next: string;
    };
    expect(first.rows).toMatchObject([{ right: 'administer', approval: 'unapproved' }]);
    expect(read(ledger, 'access.reviewed', { key: keyArn(1), limit: 1, after: first.next })).toMatchObject({
      rows: [{ right: 'use', approval: 'approved' }],
    });
  });

  it('key sets, rotation by hand, samples and comparison', async () => {
    const ledger = await oneKey();
    const set = {
      id: 'a',
      title: 'A',
      parent: null,
      record: { owner: 'Kim' },
      members: { keys: [keyArn(1)], tags: [], aliases: [], accounts: [] },
    };
    await work(ledger, 'keySets.define', set);
    expect(read(ledger, 'keySets.list', {})).toMatchObject({ sets: [{ id: 'a', record: { owner: 'Kim' } }] });
    await work(ledger, 'rotation.schedule', {
      subject: 'a',
      schedule: { everyDays: 365, reason: 'x', performer: 'Kim', next: '2027-01-01' },
    });
    const evidence = fileOf('chg.md', 'done');
    await work(ledger, 'rotation.record', {
      key: keyArn(1),
      on: '2026-05-01',
      performer: 'Kim',
      reason: 'CHG',
      evidence,
    });
    expect(await work(ledger, 'sample.draw', { of: 'keys', n: 5, seed: 's' })).toMatchObject({
      items: [keyArn(1)],
    });
    expect(read(ledger, 'compare.snapshots', { from: SNAPSHOT, to: SNAPSHOT })).toMatchObject({
      rows: [],
      unchanged: 1,
      added: 0,
      removed: 0,
      changed: 0,
    });
    await work(ledger, 'keySets.remove', { id: 'a', reason: 'gone' });
    expect(read(ledger, 'keySets.list', {})).toEqual({ sets: [] });
  });

  it('reads back what was recorded, with who recorded it and the file behind it', async () => {
    const ledger = await oneKey();
    expect(read(ledger, 'people.list', {})).toEqual({ rows: [], next: null, list: null });
    await work(ledger, 'people.import', {
      path: fileOf('people.csv', 'name,to\nKim,\nLee,2026-01-01\n'),
      asOf: '2026-07-01',
    });
    const first = read(ledger, 'people.list', { limit: 1 }) as { rows: object[]; next: string };
    expect(first).toMatchObject({
      rows: [{ name: 'Kim', kind: 'person', to: null }],
      list: { rows: 2, asOf: '2026-07-01', by: ANALYST.name, file: { name: 'people.csv' } },
    });
    expect(read(ledger, 'people.list', { limit: 1, after: first.next })).toMatchObject({
      rows: [{ name: 'Lee', to: '2026-01-01' }],
      next: null,
    });
    await work(ledger, 'systems.import', {
      path: fileOf('s.csv', 'system,owner\norders,Kim\n'),
      asOf: '2026-07-01',
    });
    expect(read(ledger, 'systems.list', {})).toMatchObject({ rows: [{ name: 'orders', owner: 'Kim' }] });
    await work(ledger, 'members.import', {
      path: fileOf('m.csv', 'group,member\nAdmins,Kim\n'),
      provider: 'Okta',
      asOf: '2026-07-01',
    });
    expect(read(ledger, 'members.list', {})).toMatchObject({
      rosters: [{ provider: 'Okta', groups: [{ name: 'Admins', members: [{ name: 'Kim' }] }] }],
    });
    await work(ledger, 'policyDocument.attach', {
      ...{ path: fileOf('policy.md', '5.1 yearly'), title: 'Policy', version: '1', approver: 'CISO' },
      ...{ approvedAt: '2026-01-01', nextReview: null },
      clauses: [{ parameter: 'rotationDays', value: 365, clause: '5.1', text: 'yearly' }],
    });
    expect(read(ledger, 'policyDocument.current', {})).toMatchObject({
      document: { title: 'Policy', clauses: [{ clause: '5.1' }], file: { name: 'policy.md' } },
    });
    await work(ledger, 'sample.draw', { of: 'keys', n: 1, seed: 's' });
    expect(read(ledger, 'samples.list', {})).toMatchObject({
      samples: [{ of: 'keys', seed: 's', items: [keyArn(1)] }],
    });
    await work(ledger, 'rotation.record', {
      ...{ key: keyArn(1), on: '2026-05-01', performer: 'Kim', reason: 'CHG' },
      evidence: fileOf('chg.md', 'done'),
    });
    expect(read(ledger, 'rotation.list', {})).toMatchObject({
      schedules: [],
      rotations: [{ key: keyArn(1), performer: 'Kim', evidence: { name: 'chg.md' } }],
    });
  });

  it('tags to fields, and approved principals by hand', async () => {
    const ledger = await oneKey();
    expect(read(ledger, 'inventory.mapping', {})).toMatchObject({
      owner: ['Owner', 'owner', 'KeyOwner', 'key-owner'],
    });
    await ledger.tags(1, { Steward: 'Kim', Stand: 'Lee' });
    await work(ledger, 'inventory.map', { owner: ['Steward'], deputy: ['Stand'] });
    expect(read(ledger, 'inventory.mapping', {})).toMatchObject({ owner: ['Steward'], deputy: ['Stand'] });
    expect(ledger.db.prepare('SELECT systems FROM key_inventory').pluck().get()).toBe('["orders"]');
    derive(ledger.db);
    expect(ledger.db.prepare('SELECT owner, deputy FROM key_inventory').get()).toEqual({
      owner: 'Kim',
      deputy: 'Lee',
    });

    const list = {
      approver: 'CISO',
      approvedAt: '2026-05-01',
      principals: [{ principal: 'app', rights: ['use'] }],
    };
    await expect(work(ledger, 'approved.record', { ...list, subject: 'nothing' })).rejects.toThrow(
      'no key set and no key',
    );
    expect(await work(ledger, 'approved.record', { ...list, subject: keyArn(1).split('/').at(-1) })).toEqual({
      subject: keyArn(1),
    });
    expect(read(ledger, 'approved.list', {})).toMatchObject({
      rows: [
        { subject: keyArn(1), approver: 'CISO', by: ANALYST.name, file: null, principals: list.principals },
      ],
    });
    const approvals = () =>
      (
        read(ledger, 'access.reviewed', { key: keyArn(1) }) as { rows: { right: string; approval: string }[] }
      ).rows.map(({ right, approval }) => `${right}: ${approval}`);
    expect(approvals()).toEqual(['administer: unapproved', 'use: approved', 'grant: unapproved']);
    await work(ledger, 'approved.remove', { subject: keyArn(1), reason: 'wrong key' });
    expect(read(ledger, 'approved.list', {})).toMatchObject({ rows: [] });
    expect(approvals()).toEqual(['administer: no list', 'use: no list', 'grant: no list']);
    await expect(work(ledger, 'approved.remove', { subject: keyArn(1), reason: 'again' })).rejects.toThrow(
      'there is none',
    );
  });
});
