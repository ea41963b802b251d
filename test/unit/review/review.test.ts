import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { reviewIndependent } from '../../../electron/controls/review-independent.ts';
import { reviewPerformed } from '../../../electron/controls/review-performed.ts';
import { runControls } from '../../../electron/controls/run-controls.ts';
import { derive } from '../../../electron/derive/derive.ts';
import { NO_LOGS } from '../../../electron/derive/log-facts.ts';
import { resultsOf } from '../../../db/derived/results.ts';
import { rotationEnabled } from '../../../electron/controls/rotation-enabled.ts';
import { pdfText } from '../../../electron/review/document-text.ts';
import {
  acknowledge,
  decide,
  decisionsCsv,
  decisionsHash,
  openReview,
  readReview,
} from '../../../electron/review/review.ts';
import { ranges } from '../../../electron/review/review-pdf.ts';
import { draw, drawSample, samplePopulation } from '../../../electron/review/sample.ts';
import {
  exportReview,
  importClientReview,
  importSignedReview,
  recordRemedy,
  signAddendum,
  signReview,
} from '../../../electron/review/sign-review.ts';
import { createDemoSigner } from '../../../electron/seal/demo-signer.ts';
import { signPdf, verifyPdf } from '../../../electron/seal/pades.ts';
import type { Signer } from '../../../electron/seal/signer.ts';
import { attachedBytes } from '../../../electron/review/attachments.ts';
import {
  ACCOUNT,
  ANALYST,
  keyArn,
  newAwsLedger,
  SNAPSHOT,
  type AwsLedger,
} from '../../support/aws-ledger.ts';
import { given } from './support.ts';

const NOW = new Date('2026-06-20T10:00:00.000Z');
const REVIEWER = { name: ANALYST.name, role: 'Security Analyst', email: 'ann.analyst@example.com' };
let signer: Signer;
beforeAll(async () => {
  signer = (await createDemoSigner(NOW)).signer;
});

/** Two keys with rotation off, used by a role, administered by a user of the reviewer's name or another. */
async function ledgerWithKeys(
  mode: 'management' | 'auditor' = 'management',
  admin = 'tom.becker',
): Promise<AwsLedger> {
  const ledger = newAwsLedger();
  await ledger.engagement({}, 2, mode);
  await ledger.lists([1, 2]);
  for (const n of [1, 2]) {
    await ledger.describe(n);
    await ledger.rotation(n, false);
    await ledger.grants(n, []);
    await ledger.policy(n, {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/app` },
          Action: 'kms:Decrypt',
          Resource: '*',
        },
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/${admin}` },
          Action: 'kms:PutKeyPolicy',
          Resource: '*',
        },
      ],
    });
  }
  derive(ledger.db);
  runControls(ledger.db, { snapshot: SNAPSHOT, controls: [rotationEnabled], logs: NO_LOGS });
  return ledger;
}

const REASON = { comment: null, reason: 'as last year' };

async function decided(ledger: AwsLedger, id: string): Promise<void> {
  await decide(ledger, ANALYST, id, { kind: 'access' }, { decision: 'keep', ...REASON });
  await decide(ledger, ANALYST, id, { kind: 'rotation' }, { decision: 'change', ...REASON });
  await acknowledge(
    ledger,
    ANALYST,
    id,
    { kind: 'exception' },
    { remediation: 'enable rotation', owner: 'Tom', due: '2026-09-30', ...REASON },
  );
}

const open = (ledger: AwsLedger, lastYear?: Parameters<typeof openReview>[3]['lastYear']) =>
  openReview(ledger, ANALYST, SNAPSHOT, { reviewer: REVIEWER, ...(lastYear ? { lastYear } : {}) });
const sealers = () => ({ signer, timestamp: null, now: NOW });

function performed(ledger: AwsLedger) {
  derive(ledger.db);
  runControls(ledger.db, {
    snapshot: SNAPSHOT,
    controls: [reviewPerformed, reviewIndependent],
    logs: NO_LOGS,
  });
  const rows = resultsOf(ledger.db, SNAPSHOT, 'review').filter((row) => row.control === 'review-performed');
  return Object.fromEntries(rows.map((row) => [row.at, `${row.result}: ${row.reason}`])) as Record<
    'collection' | 'period',
    string
  >;
}

describe('the population of a review', () => {
  it('holds every principal of every key, every key’s rotation and every exception, and is frozen by its hash', async () => {
    const ledger = await ledgerWithKeys();
    const review = readReview(ledger.db, await open(ledger));
    const kinds = Map.groupBy(review.items, (item) => item.kind);
    expect(kinds.get('access')!.map((i) => i.id)).toContain(
      `access|${keyArn(1)}|arn:aws:iam::${ACCOUNT}:role/app`,
    );
    expect(kinds.get('rotation')).toHaveLength(2);
    expect(kinds.get('exception')!.map((i) => i.id)).toContain(`exception|rotation-enabled|${keyArn(2)}`);
    const bytes = attachedBytes(ledger.db, review.opened.value.population);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(review.opened.value.population);
    // A later change of results changes nothing in it.
    runControls(ledger.db, { snapshot: SNAPSHOT, controls: [], logs: NO_LOGS });
    expect(readReview(ledger.db, 'r1').items).toHaveLength(review.items.length);
  });

  it('shows last year’s decision beside each item', async () => {
    const ledger = await ledgerWithKeys();
    const id = await open(ledger);
    await decided(ledger, id);
    const file = given('decisions.csv', decisionsCsv(readReview(ledger.db, id)));
    const next = await ledgerWithKeys();
    await open(next, { file, signedAt: '2025-06-20' });
    const beside = readReview(next.db, 'r1').items.map((item) => item.lastYear);
    expect(beside.every((text) => text !== null)).toBe(true);
    expect(new Set(beside)).toEqual(new Set(['keep', 'change', 'acknowledged']));
  });

  it('flags a reviewer who administers keys', async () => {
    const ledger = await ledgerWithKeys('management', 'ann.analyst');
    await open(ledger);
    performed(ledger);
    const row = resultsOf(ledger.db, SNAPSHOT, 'review').find((r) => r.control === 'review-independent');
    expect(row).toMatchObject({
      result: 'exception',
      reason: expect.stringContaining('administers 2 keys') as string,
    });
    const other = await ledgerWithKeys();
    await open(other);
    performed(other);
    expect(
      resultsOf(other.db, SNAPSHOT, 'review').find((r) => r.control === 'review-independent')?.result,
    ).toBe('pass');
  });
});

describe('deciding', () => {
  it('needs a reason for several items, an item that is there, and a decision that fits', async () => {
    const ledger = await ledgerWithKeys();
    const id = await open(ledger);
    const keep = { decision: 'keep' as const, comment: null };
    await expect(decide(ledger, ANALYST, id, { kind: 'access' }, { ...keep, reason: null })).rejects.toThrow(
      /reason is missing/,
    );
    await expect(decide(ledger, ANALYST, id, { items: ['nope'] }, { ...keep, reason: null })).rejects.toThrow(
      /no such item/,
    );
    await expect(
      decide(ledger, ANALYST, id, { kind: 'exception' }, { ...keep, reason: 'x' }),
    ).rejects.toThrow(/acknowledged/);
    const item = `access|${keyArn(1)}|arn:aws:iam::${ACCOUNT}:role/app`;
    await decide(ledger, ANALYST, id, { items: [item] }, { ...keep, reason: null });
    await decide(
      ledger,
      ANALYST,
      id,
      { items: [item] },
      { decision: 'remove', comment: 'moved', reason: null },
    );
    expect(readReview(ledger.db, id).items.find((i) => i.id === item)?.decided).toMatchObject({
      decision: 'remove',
      comment: 'moved',
    });
  });

  it('takes in every item of what was looked for, and no other', async () => {
    const ledger = await ledgerWithKeys();
    const id = await open(ledger);
    const about = { decision: 'remove' as const, ...REASON };
    const items = await decide(ledger, ANALYST, id, { kind: 'access', search: 'ROLE/App' }, about);
    const review = readReview(ledger.db, id);
    const removed = review.items.filter(({ decided }) => decided?.decision === 'remove');
    expect(items).toBe(removed.length);
    expect(new Set(removed.map(({ of }) => of))).toEqual(new Set([`arn:aws:iam::${ACCOUNT}:role/app`]));
    await expect(decide(ledger, ANALYST, id, { search: 'nobody' }, about)).rejects.toThrow('no item');
  });

  it('is for management', async () => {
    const ledger = await ledgerWithKeys('auditor');
    await expect(open(ledger)).rejects.toMatchObject({ code: 'INDEPENDENCE' });
  });
});

describe('numbers of keys', () => {
  it.each([
    [[3, 1, 2, 7, 9, 8, 8], '1–3, 7–9'],
    [[5], '5'],
    [[], ''],
  ])('%j are written %s', (numbers, text) => {
    expect(ranges(numbers)).toBe(text);
  });
});

describe('signing', () => {
  it('is refused while anything is undecided, and for anybody but the reviewer', async () => {
    const ledger = await ledgerWithKeys();
    const id = await open(ledger);
    await decide(ledger, ANALYST, id, { kind: 'access' }, { decision: 'keep', ...REASON });
    await expect(signReview(ledger, ANALYST, id, sealers())).rejects.toMatchObject({ code: 'UNDECIDED' });
    await decided(ledger, id);
    await expect(signReview(ledger, { name: 'Somebody', email: null }, id, sealers())).rejects.toMatchObject({
      code: 'NOT_THE_SAME',
    });
  });

  it('makes a PDF that holds, prints both hashes and every decision, and freezes them', async () => {
    const ledger = await ledgerWithKeys();
    const id = await open(ledger);
    await decided(ledger, id);
    const hash = decisionsHash(readReview(ledger.db, id));
    const { file, signed } = await signReview(ledger, ANALYST, id, sealers());
    const pdf = attachedBytes(ledger.db, file.sha256);
    const [check] = verifyPdf(pdf);
    expect(check).toMatchObject({ problems: [], signature: { valid: true } });
    const words = (await pdfText(pdf)).replaceAll(/\s+/g, '');
    for (const text of [
      signed.population,
      hash,
      'AnnAnalyst,SecurityAnalyst',
      'enablerotation(Tom,due2026-09-30)',
      '2026-06-20',
    ])
      expect(words).toContain(text);
    await expect(
      decide(ledger, ANALYST, id, { kind: 'access' }, { decision: 'remove', ...REASON }),
    ).rejects.toMatchObject({ code: 'FROZEN' });
    await expect(signReview(ledger, ANALYST, id, sealers())).rejects.toMatchObject({ code: 'FROZEN' });
    expect(readReview(ledger.db, id).signed?.value).toEqual(signed);
  });

  it('can be done elsewhere: the signed record is taken back, another or a changed one is not', async () => {
    const ledger = await ledgerWithKeys();
    const id = await open(ledger);
    await decided(ledger, id);
    const { pdf } = await exportReview(ledger, id, NOW);
    await expect(importSignedReview(ledger, ANALYST, id, given('u.pdf', pdf))).rejects.toMatchObject({
      code: 'NOT_SIGNED',
    });
    const signed = (await signPdf(pdf, signer, { reason: 'Review', signingTime: NOW })).pdf;
    const broken = Buffer.from(signed);
    broken[200] = broken[200]! ^ 1;
    await expect(importSignedReview(ledger, ANALYST, id, given('b.pdf', broken))).rejects.toMatchObject({
      code: 'NOT_SIGNED',
    });
    // Decided anew after the export: the record that was signed is no longer that of the review.
    await decide(ledger, ANALYST, id, { kind: 'rotation' }, { decision: 'keep', ...REASON });
    await expect(importSignedReview(ledger, ANALYST, id, given('s.pdf', signed))).rejects.toMatchObject({
      code: 'NOT_THE_SAME',
    });
    const again = await exportReview(ledger, id, NOW);
    const resigned = (await signPdf(again.pdf, signer, { reason: 'Review', signingTime: NOW })).pdf;
    expect(await importSignedReview(ledger, ANALYST, id, given('s2.pdf', resigned))).toMatchObject({
      method: 'elsewhere',
      provenAt: null,
    });
    expect(performed(ledger).collection).toMatch(/^pass/);
  });

  it('lets later remediation close only in a signed addendum that cites what shows it', async () => {
    const ledger = await ledgerWithKeys();
    const id = await open(ledger);
    await decided(ledger, id);
    const remedy = {
      item: `exception|rotation-enabled|${keyArn(1)}`,
      on: '2026-06-25',
      note: 'enabled',
      evidence: null,
    };
    const later = await ledger.rotation(1, true);
    await expect(recordRemedy(ledger, ANALYST, id, { ...remedy, exchange: later })).rejects.toMatchObject({
      code: 'NOT_SIGNED',
    });
    const { file } = await signReview(ledger, ANALYST, id, sealers());
    await expect(recordRemedy(ledger, ANALYST, id, { ...remedy, exchange: null })).rejects.toThrow(
      /nothing shows it/,
    );
    await expect(signAddendum(ledger, ANALYST, id, sealers())).rejects.toThrow(/nothing was remedied/);
    await recordRemedy(ledger, ANALYST, id, { ...remedy, exchange: later });
    const addendum = await signAddendum(ledger, ANALYST, id, sealers());
    const pdf = attachedBytes(ledger.db, addendum.sha256);
    expect(verifyPdf(pdf)[0]?.problems).toEqual([]);
    const words = (await pdfText(pdf)).replaceAll(/\s+/g, '');
    expect(words).toContain(file.sha256);
    expect(words).toContain(`ledgerentry${later}`);
  });
});

describe('the test of the review', () => {
  const client = (reviewedAt: string, previousAt: string | null) => ({
    title: 'Annual review',
    reviewer: { ...REVIEWER, email: null },
    reviewedAt,
    previousAt,
  });

  it('asks for it when absent, and notes it when unsigned', async () => {
    const ledger = await ledgerWithKeys();
    expect(performed(ledger).collection).toMatch(/^evidence-required/);
    await open(ledger);
    expect(performed(ledger).collection).toMatch(/^exception: The review r1.*not signed/);
  });

  it('passes when signed within a year of the one before, and is an exception after more than twelve months', async () => {
    for (const [before, result] of [
      ['2025-06-25', /^pass/],
      ['2025-05-01', /^exception.*more than twelve months/],
    ] as const) {
      const ledger = await ledgerWithKeys();
      const id = await open(ledger, { file: null, signedAt: before });
      await decided(ledger, id);
      await signReview(ledger, ANALYST, id, sealers());
      expect(performed(ledger).collection).toMatch(result);
      expect(performed(ledger).period).toMatch(result);
    }
  });

  it('takes the client’s own signed review in an auditor’s engagement, and not an unsigned one', async () => {
    const ledger = await ledgerWithKeys('auditor');
    await importClientReview(
      ledger,
      ANALYST,
      given('review.docx', Buffer.from('PK no signature')),
      client('2026-03-01', null),
    );
    expect(performed(ledger).collection).toMatch(/^exception.*carries no signature/);
    const source = await ledgerWithKeys();
    const id = await open(source);
    await decided(source, id);
    const { pdf } = await exportReview(source, id, NOW);
    const signed = (await signPdf(pdf, signer, { reason: 'Review', signingTime: NOW })).pdf;
    const value = await importClientReview(
      ledger,
      ANALYST,
      given('review.pdf', signed),
      client('2026-06-20', '2025-07-01'),
    );
    expect(value.signatures).toHaveLength(1);
    expect(performed(ledger).collection).toMatch(/^pass/);
  });
});

describe('a sample', () => {
  const population = Array.from({ length: 5000 }, (_, i) => `item ${i}`);

  it('is the items with the lowest hashes, whatever the order they come in', () => {
    const by = (item: string) => createHash('sha256').update(`seed\n${item}`).digest('hex');
    const expected = population.toSorted((a, b) => (by(a) < by(b) ? -1 : 1)).slice(0, 25);
    expect(draw(population, 'seed', 25).items).toEqual(expected);
    expect(draw(population.toReversed(), 'seed', 25).items).toEqual(expected);
    expect(draw(population, 'other', 25).items).not.toEqual(expected);
    expect(draw(population.slice(0, 3), 'seed', 25).items).toHaveLength(3);
    expect(draw(population, 'seed', 25).population).toEqual({
      items: 5000,
      sha256: createHash('sha256')
        .update(population.map((item) => `${item}\n`).join(''))
        .digest('hex'),
    });
  });

  it('is recorded with its seed and the hash of its population', async () => {
    const ledger = await ledgerWithKeys();
    const value = await drawSample(ledger, ANALYST, { of: 'access', snapshot: SNAPSHOT, seed: '42', n: 2 });
    expect(value.items).toEqual(draw(samplePopulation(ledger.db, SNAPSHOT, 'access'), '42', 2).items);
    expect(value.population.items).toBeGreaterThan(2);
    await expect(
      drawSample(ledger, ANALYST, { of: 'keys', snapshot: SNAPSHOT, seed: '42', n: 0 }),
    ).rejects.toThrow(/whole number/);
  });
});
