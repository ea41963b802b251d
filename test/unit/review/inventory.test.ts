import { describe, expect, it } from 'vitest';
import { utf16 } from './support.ts';
import { inventoryOf, iterateInventory } from '../../../db/derived/inventory.ts';
import { derivedDigest } from '../../../electron/derive/digest.ts';
import { derive } from '../../../electron/derive/derive.ts';
import { inventoryApproved } from '../../../electron/controls/inventory-approved.ts';
import { keyHasSystem } from '../../../electron/controls/key-has-system.ts';
import { ownerCurrent } from '../../../electron/controls/owner-current.ts';
import { ownerDocumented } from '../../../electron/controls/owner-documented.ts';
import { systemsHaveKeys } from '../../../electron/controls/systems-have-keys.ts';
import {
  approveInventory,
  importInventory,
  inventoryCsv,
  previewInventory,
  recordKeys,
  recordKeySet,
} from '../../../electron/review/inventory.ts';
import { importPeople, importSystems } from '../../../electron/review/lists.ts';
import { workbook } from '../../../electron/pack/files/workbook.ts';
import { ANALYST, keyArn, keyId, newAwsLedger, SNAPSHOT, type AwsLedger } from '../../support/aws-ledger.ts';
import { answers, logs } from '../../support/controls.ts';
import { csv } from './support.ts';

/** Two keys; the first is tagged. */
async function twoKeys(mode: 'management' | 'auditor' = 'management'): Promise<AwsLedger> {
  const ledger = newAwsLedger();
  await ledger.engagement({}, 2, mode);
  await ledger.lists([1, 2]);
  for (const n of [1, 2]) await ledger.describe(n);
  await ledger.tags(1, { Owner: 'Maria Lopez', System: 'orders', Purpose: 'at rest' });
  await ledger.tags(2, { Team: 'x' });
  derive(ledger.db);
  return ledger;
}

const outcome = (given: ReturnType<typeof answers>) => [given.collection.result, given.period.result];
const members = { keys: [], tags: [], aliases: [], accounts: [] };

describe('the inventory of keys', () => {
  it('takes fields from tags, and says from which', async () => {
    const { db } = await twoKeys();
    expect(inventoryOf(db, SNAPSHOT, keyArn(1))).toMatchObject({
      ...{ owner: 'Maria Lopez', systems: ['orders'], purposes: ['data at rest'] },
      origins: { owner: { from: 'tag', name: 'Owner' } },
    });
    expect(inventoryOf(db, SNAPSHOT, keyArn(2))).toMatchObject({ owner: null, systems: [] });
  });

  it('lets a record go before a tag, a tag before a set, and a set before its parent', async () => {
    const ledger = await twoKeys();
    await recordKeySet(ledger, ANALYST, 'all', {
      ...{ title: 'All', parent: null, members: { ...members, accounts: ['111122223333'] } },
      record: { owner: 'Parent', deputy: 'Parent deputy', dataClass: 'Internal' },
    });
    await recordKeySet(ledger, ANALYST, 'some', {
      ...{ title: 'Some', parent: 'all', members: { ...members, tags: [{ name: 'Team', value: 'x' }] } },
      record: { owner: 'Set' },
    });
    derive(ledger.db);
    expect(inventoryOf(ledger.db, SNAPSHOT, keyArn(1))).toMatchObject({
      owner: 'Maria Lopez',
      deputy: 'Parent deputy',
    });
    expect(inventoryOf(ledger.db, SNAPSHOT, keyArn(2))).toMatchObject({
      ...{ owner: 'Set', deputy: 'Parent deputy', dataClass: 'Internal', sets: ['some', 'all'] },
      origins: { owner: { from: 'set', name: 'some' }, deputy: { from: 'set', name: 'all' } },
    });
    await recordKeys(ledger, ANALYST, SNAPSHOT, {
      keys: [keyArn(1)],
      record: { owner: 'Kim' },
      reason: null,
    });
    derive(ledger.db);
    expect(inventoryOf(ledger.db, SNAPSHOT, keyArn(1))?.owner).toBe('Kim');
    const before = derivedDigest(ledger.db);
    derive(ledger.db);
    expect(derivedDigest(ledger.db)).toBe(before);
  });

  it('refuses a circle of sets, an unknown key and a bulk change without a reason', async () => {
    const ledger = await twoKeys();
    const set = { title: 'S', parent: null, members, record: {} };
    await recordKeySet(ledger, ANALYST, 'a', set);
    await recordKeySet(ledger, ANALYST, 'b', { ...set, parent: 'a' });
    await expect(recordKeySet(ledger, ANALYST, 'a', { ...set, parent: 'b' })).rejects.toThrow(/circle/);
    const change = { record: { owner: 'Kim' }, reason: null };
    await expect(recordKeys(ledger, ANALYST, SNAPSHOT, { ...change, keys: ['nope'] })).rejects.toThrow(
      /no such key/,
    );
    await expect(
      recordKeys(ledger, ANALYST, SNAPSHOT, { ...change, keys: [keyArn(1), keyArn(2)] }),
    ).rejects.toThrow(/reason/);
  });

  it('previews an import without recording it, and records it as previewed', async () => {
    const ledger = await twoKeys();
    const file = csv('owners.csv', [
      ['Key ID', 'Owner', 'System', 'Approved-At', 'Approved By'],
      [keyId(1), 'Maria Lopez', 'orders; billing', '2026-05-04', 'CISO'],
      [keyArn(2), 'Priya Nair', '', '', ''],
      ['unknown', 'X', '', '', ''],
    ]);
    const seq = ledger.writer.head.seq;
    const preview = await previewInventory(ledger.db, SNAPSHOT, file);
    expect(ledger.writer.head.seq).toBe(seq);
    expect(preview).toMatchObject({
      rows: 3,
      unchanged: 0,
      missing: [],
      unknown: [{ line: 4, key: 'unknown' }],
    });
    expect(
      preview.changes.map((c) => [c.key, c.fields.map((f) => `${f.field} ${f.before}>${f.after}`)]),
    ).toEqual([
      [keyArn(1), ['systems orders>orders; billing', 'approvedBy >CISO', 'approvedAt >2026-05-04']],
      [keyArn(2), ['owner >Priya Nair']],
    ]);
    expect(await importInventory(ledger, ANALYST, SNAPSHOT, file)).toEqual(preview);
    derive(ledger.db);
    expect(await previewInventory(ledger.db, SNAPSHOT, file)).toMatchObject({ changes: [], unchanged: 2 });
    expect(inventoryOf(ledger.db, SNAPSHOT, keyArn(1))?.systems).toEqual(['orders', 'billing']);
  });

  it('reads its own export back without a change, as CSV and as XLSX', async () => {
    const ledger = await twoKeys();
    await recordKeys(ledger, ANALYST, SNAPSHOT, {
      keys: [keyArn(2)],
      record: { owner: '=Kim; "x", y' },
      reason: null,
    });
    derive(ledger.db);
    const bytes = inventoryCsv(ledger.db, SNAPSHOT);
    const given = { name: 'i.csv', bytes, path: 'i.csv', modified: null };
    expect(await previewInventory(ledger.db, SNAPSHOT, given)).toMatchObject({
      changes: [],
      unchanged: 2,
      unknown: [],
    });
    const xlsx = await workbook([{ name: 'I', header: ['key', 'owner'], rows: [[keyArn(2), 'Lee']] }]);
    const sheet = { name: 'i.xlsx', bytes: xlsx, path: 'i.xlsx', modified: null };
    expect((await previewInventory(ledger.db, SNAPSHOT, sheet)).changes).toEqual([
      { key: keyArn(2), fields: [{ field: 'owner', before: '=Kim; "x", y', after: 'Lee' }] },
    ]);
  });

  it.each([
    [
      'an ambiguous date',
      [
        ['key', 'approved_at'],
        [keyArn(1), '03/04/2026'],
      ],
      /no date/,
    ],
    ['no key column', [['owner'], ['x']], /no column "key"/],
    [
      'a repeated heading',
      [
        ['key', 'owner', 'Owner'],
        ['x', 'y', 'z'],
      ],
      /two columns owner/,
    ],
    ['nothing', [], /empty/],
  ])('says what is wrong with a file with %s', async (_, rows, message) => {
    const { db } = await twoKeys();
    await expect(previewInventory(db, SNAPSHOT, csv('x.csv', rows))).rejects.toThrow(message);
  });

  it('says that UTF-16 is not read, rather than reading nonsense', async () => {
    const { db } = await twoKeys();
    await expect(previewInventory(db, SNAPSHOT, utf16('x.csv', 'key,owner\n'))).rejects.toThrow(/UTF-8/);
  });

  it('lets an auditor import what the client recorded, and nothing else', async () => {
    const ledger = await twoKeys('auditor');
    const change = { keys: [keyArn(1)], record: { owner: 'Kim' }, reason: null };
    await expect(recordKeys(ledger, ANALYST, SNAPSHOT, change)).rejects.toMatchObject({
      code: 'INDEPENDENCE',
    });
    await expect(
      approveInventory(ledger, ANALYST, SNAPSHOT, { approver: 'X', approvedAt: '2026-05-01' }),
    ).rejects.toMatchObject({ code: 'INDEPENDENCE' });
    await importInventory(
      ledger,
      ANALYST,
      SNAPSHOT,
      csv('o.csv', [
        ['key', 'owner'],
        [keyArn(2), 'Lee'],
      ]),
    );
    derive(ledger.db);
    expect(inventoryOf(ledger.db, SNAPSHOT, keyArn(2))?.owner).toBe('Lee');
  });
});

describe('tests of ownership', () => {
  const people = (...rows: string[][]) =>
    csv('people.csv', [['name', 'email', 'kind', 'from', 'to'], ...rows]);

  it('say whether the owner is a current person', async () => {
    const ledger = await twoKeys();
    expect(outcome(answers(ledger, ownerCurrent))).toEqual(['evidence-required', 'evidence-required']);
    await importPeople(ledger, ANALYST, people(['Lopez, María', '', '', '2020-01-01', '']), '2026-07-02');
    expect(outcome(answers(ledger, ownerCurrent))).toEqual(['pass', 'pass']);
    await importPeople(ledger, ANALYST, people(['Maria Lopez', '', '', '', '']), '2026-07-02');
    expect(outcome(answers(ledger, ownerCurrent))).toEqual(['pass', 'evidence-required']);
    await importPeople(ledger, ANALYST, people(['Maria Lopez', '', '', '', '2026-03-31']), '2026-07-02');
    const left = answers(ledger, ownerCurrent);
    expect(outcome(left)).toEqual(['exception', 'exception']);
    expect(left.collection.reason).toContain('left on 2026-03-31');
    await importPeople(ledger, ANALYST, people(['Somebody Else', '', '', '', '']), '2026-07-02');
    expect(answers(ledger, ownerCurrent).collection.reason).toContain('is not on the list of people');
  });

  it('know a shared mailbox by its name, and by the list', async () => {
    const ledger = await twoKeys();
    const own = (owner: string) =>
      recordKeys(ledger, ANALYST, SNAPSHOT, { keys: [keyArn(1)], record: { owner }, reason: null });
    await own('platform-team@example.com');
    expect(outcome(answers(ledger, ownerCurrent))[0]).toBe('exception');
    await own('crown@example.com');
    await importPeople(
      ledger,
      ANALYST,
      people(['Crown', 'crown@example.com', 'shared', '', '']),
      '2026-07-02',
    );
    expect(answers(ledger, ownerCurrent).collection.reason).toContain('shared mailbox');
  });

  it('ask for an approval, and note one that is more than a year old', async () => {
    const ledger = await twoKeys();
    expect(outcome(answers(ledger, inventoryApproved))).toEqual(['evidence-required', 'evidence-required']);
    const approve = (approvedAt: string) =>
      recordKeys(ledger, ANALYST, SNAPSHOT, {
        keys: [keyArn(1)],
        record: { approvedAt, approvedBy: 'CISO' },
        reason: null,
      });
    await approve('2025-06-29');
    expect(outcome(answers(ledger, inventoryApproved))).toEqual(['exception', 'exception']);
    await approve('2025-08-01');
    expect(outcome(answers(ledger, inventoryApproved))).toEqual(['pass', 'pass']);
    expect(outcome(answers(ledger, inventoryApproved, { subject: keyArn(2) }))[0]).toBe('evidence-required');
    await approveInventory(ledger, ANALYST, SNAPSHOT, { approver: 'CISO', approvedAt: '2026-05-01' });
    expect(answers(ledger, inventoryApproved, { subject: keyArn(2) }).collection.reason).toContain(
      'inventory v1',
    );
  });

  it('take a recorded owner for the period only from an inventory approved before it ended', async () => {
    const ledger = await twoKeys();
    await recordKeys(ledger, ANALYST, SNAPSHOT, {
      keys: [keyArn(2)],
      record: { owner: 'Kim' },
      reason: null,
    });
    const ask = () => outcome(answers(ledger, ownerDocumented, { logs: logs(), subject: keyArn(2) }));
    expect(ask()).toEqual(['pass', 'evidence-required']);
    await approveInventory(ledger, ANALYST, SNAPSHOT, { approver: 'CISO', approvedAt: '2026-06-01' });
    expect(ask()).toEqual(['pass', 'pass']);
  });

  it('reconcile systems and keys both ways', async () => {
    const ledger = await twoKeys();
    expect(outcome(answers(ledger, systemsHaveKeys, { subject: '' }))[0]).toBe('evidence-required');
    await importSystems(ledger, ANALYST, csv('s.csv', [['System'], ['Orders'], ['Payroll']]), '2026-06-01');
    expect(outcome(answers(ledger, systemsHaveKeys, { subject: 'Payroll' }))[0]).toBe('exception');
    expect(outcome(answers(ledger, systemsHaveKeys, { subject: 'Orders' }))[0]).toBe('pass');
    expect(outcome(answers(ledger, keyHasSystem, { subject: keyArn(2) }))[0]).toBe('exception');
    expect(outcome(answers(ledger, keyHasSystem))[0]).toBe('pass');
    await importSystems(ledger, ANALYST, csv('t.csv', [['System'], ['Payroll']]), '2026-06-01');
    expect(outcome(answers(ledger, keyHasSystem))[0]).toBe('evidence-required');
  });

  it('leave a key open whose tags nobody could read', async () => {
    const ledger = newAwsLedger();
    await ledger.engagement();
    await ledger.lists([1]);
    await ledger.describe(1);
    await ledger.fails('aws.kms.ListResourceTags', { KeyId: keyArn(1) }, 'AccessDeniedException');
    const given = answers(ledger, keyHasSystem);
    expect(outcome(given)).toEqual(['undetermined', 'undetermined']);
    expect(given.collection.code).toBe('AccessDeniedException');
    expect([...iterateInventory(ledger.db, SNAPSHOT)]).toHaveLength(1);
  });
});
