import { iterateInventory } from '../../db/derived/inventory.ts';
import type { Operator } from '../engagement/engagement.ts';
import { refreshRecords } from '../engine/refresh-records.ts';
import type { Work } from '../engine/with-engagement.ts';
import { csvRecord } from '../pack/files/csv.ts';
import { madeFile, type GivenFile } from '../review/attachments.ts';
import { accessRows } from '../review/access-rows.ts';
import { importApproved, importMembers, recordApproved } from '../review/approved.ts';
import { approveInventory, importInventory, recordKeys, recordKeySet } from '../review/inventory.ts';
import { importPeople, importSystems } from '../review/lists.ts';
import { attachPolicy } from '../review/policy.ts';
import { attachProcedure } from '../review/procedure.ts';
import { procedureTemplate, templateMarkdown } from '../review/procedure-template.ts';
import { acknowledge, decide, openReview, readReview } from '../review/review.ts';
import { recordRotation, recordSchedule } from '../review/rotation.ts';
import { drawSample } from '../review/sample.ts';
import { recordRemedy, signAddendum, signReview } from '../review/sign-review.ts';
import type { Signer } from '../seal/signer.ts';
import type { TimestampOptions } from '../seal/timestamp/client.ts';

/** Management's records in the sample company, with one good and one bad case of each. */
export interface SampleRecords {
  snapshot: string;
  by: Operator;
  /** Last day of the period, YYYY-MM-DD. */
  lastDay: string;
  /** Makes the reviewer's own key; and who says when. */
  signerFor: (name: string) => Promise<Signer>;
  timestamp: TimestampOptions | null;
  now: Date;
}

const DAY = 86_400_000;

/** The day some days before another, YYYY-MM-DD. */
export const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00.000Z`) - days * DAY).toISOString().slice(0, 10);

/** A CSV file as the client's people would export it. */
export const csvOf = (name: string, rows: readonly (readonly string[])[]): GivenFile =>
  madeFile(name, Buffer.from(rows.map(csvRecord).join('')));

/** Makes the records of the sample company, and derives again what depends on them. */
export async function makeSampleRecords(work: Work, sample: SampleRecords): Promise<void> {
  await makePolicy(work, sample);
  await makeLists(work, sample);
  await makeInventory(work, sample);
  refreshRecords(work.db);
  await makeAccessLists(work, sample);
  await makeRotationRecords(work, sample);
  await makeProcedure(work, sample);
  refreshRecords(work.db);
  await makeReview(work, sample);
  refreshRecords(work.db);
}

async function makePolicy(work: Work, { by, lastDay }: SampleRecords): Promise<void> {
  const text = [
    '# Key Management Policy',
    '',
    '4.1 Keys are created in AWS KMS, Azure Key Vault or HashiCorp Vault, with AES-256, RSA-2048 or stronger.',
    '5.1 Keys are rotated at least every 365 days. Where automation is impossible, rotation by hand is recorded.',
    '6.2 Every key has an owner and a deputy; the inventory is approved every year.',
    '7.3 Logs of key use are kept for 365 days.',
    '',
  ].join('\n');
  await attachPolicy(
    work,
    by,
    madeFile('key-management-policy.md', Buffer.from(text)),
    {
      ...{ title: 'Key Management Policy', version: '3.2', approver: 'Helen Marsh, CISO' },
      ...{ approvedAt: daysBefore(lastDay, 140), nextReview: daysBefore(lastDay, -225) },
    },
    [
      {
        parameter: 'rotationDays',
        value: 365,
        clause: 'Key Management Policy 5.1',
        text: 'at least every 365 days',
      },
      {
        parameter: 'logRetentionDays',
        value: 365,
        clause: 'Key Management Policy 7.3',
        text: 'kept for 365 days',
      },
    ],
  );
}

/** Everybody but one who left, and a system that no key protects. */
async function makeLists(work: Work, { by, lastDay }: SampleRecords): Promise<void> {
  const person = (name: string, to = '') => [
    name,
    `${name.toLowerCase().replace(' ', '.')}@meridian-freight.example`,
    'person',
    '2021-03-01',
    to,
  ];
  await importPeople(
    work,
    by,
    csvOf('people.csv', [
      ['name', 'email', 'kind', 'from', 'to'],
      ...[
        'Maria Lopez',
        'Omar Haddad',
        'Lena Fischer',
        'Tom Becker',
        'Priya Nair',
        'Ines Carvalho',
        'Helen Marsh',
      ].map((name) => person(name)),
      person('Jonas Krause', daysBefore(lastDay, 45)),
      ['Platform Team', 'platform-team@meridian-freight.example', 'shared', '', ''],
    ]),
    daysBefore(lastDay, -1),
  );
  const systems = [
    'orders',
    'payments',
    'documents',
    'archive',
    'tracking',
    'labels',
    'billing',
    'shipments',
  ];
  await importSystems(
    work,
    by,
    csvOf('systems-and-data.csv', [
      ['system', 'owner', 'data_class', 'purpose'],
      ...systems.map((name) => [name, 'Maria Lopez', 'Confidential', 'data at rest']),
      ['driver-payroll', 'Helen Marsh', 'Restricted', 'data at rest'],
    ]),
    daysBefore(lastDay, 30),
  );
}

/** Last year's inventory is approved as a whole, this year's but for one key set. */
async function makeInventory(work: Work, { by, snapshot, lastDay }: SampleRecords): Promise<void> {
  await recordKeySet(work, by, 'customer-data', {
    title: 'Keys over customer data',
    parent: null,
    members: {
      ...{ keys: [], aliases: ['alias/orders-*', 'alias/customer-*', 'alias/tracking-*'], accounts: [] },
      tags: [{ name: 'DataClass', value: 'Restricted' }],
    },
    record: { deputy: 'Priya Nair', purposes: ['data at rest'] },
  });
  await recordKeySet(work, by, 'archive', {
    title: 'Archive',
    parent: null,
    members: { keys: [], aliases: [], accounts: [], tags: [{ name: 'System', value: 'archive' }] },
    record: { deputy: 'platform-team@meridian-freight.example' },
  });
  await recordOwners(work, by, snapshot);
  refreshRecords(work.db);
  await approveInventory(work, by, snapshot, {
    approver: 'Helen Marsh',
    approvedAt: daysBefore(lastDay, 400),
  });
  // This year's approval leaves the archive's keys out.
  const approved = [...iterateInventory(work.db, snapshot)].filter(({ sets }) => !sets.includes('archive'));
  await importInventory(
    work,
    by,
    snapshot,
    csvOf('inventory-approved.csv', [
      ['key', 'approved_by', 'approved_at'],
      ...approved.map(({ key }) => [key, 'Helen Marsh', daysBefore(lastDay, 20)]),
    ]),
  );
}

/** Of the keys without an owner one gets a person by hand, another a mailbox that several people read; the rest stay so. */
async function recordOwners(work: Work, by: Operator, snapshot: string): Promise<void> {
  const [person, mailbox] = [...iterateInventory(work.db, snapshot)].filter(({ owner }) => owner === null);
  const record = (key: string, owner: string, reason: string) =>
    recordKeys(work, by, snapshot, { keys: [key], record: { owner }, reason });
  if (person) await record(person.key, 'Lena Fischer', 'named by the platform team');
  if (mailbox)
    await record(mailbox.key, 'platform-team@meridian-freight.example', 'named by the platform team');
}

/** The keys over customer data have an approved list, with somebody on it who has no access; others have none. */
async function makeAccessLists(work: Work, { by, snapshot, lastDay }: SampleRecords): Promise<void> {
  const archive = [...iterateInventory(work.db, snapshot)].find(({ sets }) => sets[0] === 'archive')!;
  const archived = [...accessRows(work.db, snapshot, archive.key)];
  const approved = (set: string, principal: string, rights: string) => [
    ...[set, principal, rights, 'Helen Marsh', daysBefore(lastDay, 60)],
  ];
  await importApproved(
    work,
    by,
    snapshot,
    csvOf('approved-principals.csv', [
      ['key_set', 'principal', 'rights', 'approver', 'approved_at'],
      approved('customer-data', 'orders-api', 'use; grant'),
      approved('customer-data', 'payments-tokenizer', 'use'),
      approved('customer-data', 'tracking-stream', 'use'),
      approved('customer-data', 'warehouse-etl', 'use'),
      approved('customer-data', 'returns-portal', 'use'),
      approved('customer-data', '*AWSReservedSSO_KeyAdministrator_*', 'administer'),
      approved('customer-data', 'infrastructure-deployer', 'administer; grant'),
      // The archive's owner approved everybody who is there.
      ...archived.map((row) => approved('archive', row.principal, row.right)),
    ]),
  );
  // Recorded by hand: whoever signs with the first key that is there to sign.
  const signing = work.db
    .prepare<[string], string>(
      "SELECT id FROM key WHERE snapshot = ? AND belongs = 'inventory' AND usage = 'SIGN_VERIFY' ORDER BY id LIMIT 1",
    )
    .pluck()
    .get(snapshot);
  if (signing !== undefined) {
    await recordApproved(work, by, snapshot, signing, {
      ...{ approver: 'Helen Marsh', approvedAt: daysBefore(lastDay, 30) },
      principals: [{ principal: 'infrastructure-deployer', rights: ['administer'] }],
    });
  }
  const member = (set: string, name: string) => [
    set,
    name,
    `${name.toLowerCase().replace(' ', '.')}@meridian-freight.example`,
  ];
  // IAM Identity Center tells its members itself. Of the groups of Azure one is on the list, the others stay unknown.
  await importMembers(
    work,
    by,
    csvOf('entra-groups.csv', [
      ['group', 'member', 'email'],
      ...[firstGroup(work, snapshot)].flatMap((group) => [
        member(group, 'Lena Fischer'),
        member(group, 'Priya Nair'),
      ]),
    ]),
    { provider: 'Microsoft Entra ID', asOf: daysBefore(lastDay, -1) },
  );
}

/** A group with rights on a key whose members Azure did not name: its own id, as the directory's export names it. */
function firstGroup({ db }: Work, snapshot: string): string {
  const group = db
    .prepare<[string], string>(
      `SELECT principal FROM access_right
        WHERE snapshot = ? AND kind_reason LIKE '%members unknown%' ORDER BY principal LIMIT 1`,
    )
    .pluck()
    .get(snapshot);
  return group?.split('/').at(-1) ?? 'Key administrators';
}

/** Of the keys that are rotated by hand, one was, with evidence, and one is overdue by its own schedule. */
async function makeRotationRecords(work: Work, { by, snapshot, lastDay }: SampleRecords): Promise<void> {
  const byHand = work.db
    .prepare<[string], string>(
      `SELECT id FROM key WHERE snapshot = ? AND belongs = 'inventory' AND basis <> 'logged' AND manager = 'customer'
          AND rotation_support = 'manual' AND state = 'Enabled' ORDER BY created, id LIMIT 2`,
    )
    .pluck()
    .all(snapshot);
  const [done, overdue] = byHand;
  if (done === undefined || overdue === undefined) return;
  const plan = {
    everyDays: 365,
    reason: 'asymmetric keys do not rotate automatically in AWS KMS',
    performer: 'Tom Becker',
  };
  await recordSchedule(work, by, snapshot, done, { ...plan, next: daysBefore(lastDay, -300) });
  await recordRotation(work, by, snapshot, {
    ...{ key: done, rotatedAt: `${daysBefore(lastDay, 65)}T09:30:00.000Z`, performer: 'Tom Becker' },
    reason: 'CHG-4411: new key created, alias moved, old key kept to verify',
    evidence: madeFile(
      'CHG-4411.md',
      Buffer.from('# CHG-4411\n\nKey replaced and alias moved by Tom Becker, witnessed by Priya Nair.\n'),
    ),
  });
  await recordSchedule(work, by, snapshot, overdue, { ...plan, next: daysBefore(lastDay, 90) });
}

/** An approved procedure, which forgets to say how keys are deleted. */
async function makeProcedure(work: Work, { by, snapshot, lastDay }: SampleRecords): Promise<void> {
  const template = procedureTemplate(work.db, snapshot);
  const edited = {
    ...template,
    sections: template.sections.filter(({ heading }) => !/deleted/.test(heading)),
  };
  const text = templateMarkdown(edited).replaceAll(/^.*(delet|destroy|dispos).*$/gim, '');
  await attachProcedure(work, by, madeFile('key-management-procedure.md', Buffer.from(text)), {
    ...{ title: 'Key management procedure', version: '2.0', approver: 'Priya Nair, Engineering Lead' },
    ...{ approvedAt: daysBefore(lastDay, 200), nextReview: daysBefore(lastDay, -165) },
    location: 'https://git.meridian-freight.example/platform/handbook/key-management.md',
  });
}

/** decisions.csv of last year's pack: people were to be taken off the keys, everybody else was kept. */
function lastYearsDecisions({ db }: Work, { snapshot }: SampleRecords): GivenFile {
  const rows = [...accessRows(db, snapshot)].map(({ key, principal, kind }) => ({
    ...{ item: `access|${key}|${principal}`, human: kind === 'human' },
  }));
  const decided = new Map(
    rows.map(({ item, human }) => [
      item,
      [item, human ? 'change' : 'keep', human ? 'to be moved to a service role' : ''],
    ]),
  );
  return csvOf('decisions-last-year.csv', [['item', 'decision', 'comment'], ...decided.values()]);
}

/**
 * The annual review: decided item by item and in bulk, signed by the reviewer with her own key, and an addendum for what
 * was remedied since. She administers keys of the security account, which is flagged.
 */
async function makeReview(work: Work, sample: SampleRecords): Promise<void> {
  const { db } = work;
  const reviewer = {
    name: 'Ines Carvalho',
    role: 'Security Analyst',
    email: 'ines.carvalho@meridian-freight.example',
  };
  const by: Operator = { name: reviewer.name, email: reviewer.email };
  const id = await openReview(work, by, sample.snapshot, {
    reviewer,
    lastYear: { file: lastYearsDecisions(work, sample), signedAt: daysBefore(sample.lastDay, 340) },
  });
  const { items } = readReview(db, id);
  const people = items.filter((item) => item.kind === 'access' && item.shows.startsWith('human: use'));
  const [first] = people;
  if (first) {
    await decide(
      work,
      by,
      id,
      { items: [first.id] },
      { decision: 'remove', comment: 'moved to the service role', reason: null },
    );
  }
  const rest = { decision: 'keep' as const, comment: null };
  await decide(
    work,
    by,
    id,
    { kind: 'access', undecided: true },
    { ...rest, reason: 'matches the role model of this year' },
  );
  await decide(
    work,
    by,
    id,
    { kind: 'rotation' },
    { ...rest, reason: 'shortfalls are acknowledged as exceptions' },
  );
  if (items.some((item) => item.kind === 'logging')) {
    await decide(
      work,
      by,
      id,
      { kind: 'logging' },
      { ...rest, reason: 'the organisation trail is kept as it is' },
    );
  }
  await acknowledge(
    work,
    by,
    id,
    { kind: 'exception' },
    {
      ...{
        remediation: 'see the remediation of each test',
        owner: 'Priya Nair',
        due: daysBefore(sample.lastDay, -90),
      },
      ...{ comment: null, reason: 'taken over into the backlog of the platform team' },
    },
  );
  const sealers = {
    signer: await sample.signerFor(reviewer.name),
    timestamp: sample.timestamp,
    now: sample.now,
  };
  await signReview(work, by, id, sealers);
  if (first) {
    await recordRemedy(work, by, id, {
      ...{ item: first.id, on: daysBefore(sample.lastDay, -1), note: 'right removed', exchange: null },
      evidence: madeFile(
        'CHG-4502.md',
        Buffer.from('# CHG-4502\n\nStatement removed from the key policy.\n'),
      ),
    });
    await signAddendum(work, by, id, sealers);
  }
  await drawSample(work, sample.by, {
    of: 'access',
    snapshot: sample.snapshot,
    seed: 'meridian-2026',
    n: 25,
  });
  await drawSample(work, sample.by, {
    of: 'events',
    snapshot: sample.snapshot,
    seed: 'meridian-2026',
    n: 25,
  });
}
