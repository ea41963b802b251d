import { describe, expect, it } from 'vitest';
import { procedureCovers } from '../../../electron/controls/procedure-covers.ts';
import { procedureDocumented } from '../../../electron/controls/procedure-documented.ts';
import { rotationManual } from '../../../electron/controls/rotation-manual.ts';
import { derive } from '../../../electron/derive/derive.ts';
import { documentText } from '../../../electron/review/document-text.ts';
import { attachProcedure, notCovered } from '../../../electron/review/procedure.ts';
import {
  procedureTemplate,
  templateDocx,
  templateMarkdown,
} from '../../../electron/review/procedure-template.ts';
import { recordRotation, recordSchedule } from '../../../electron/review/rotation.ts';
import { PdfDocument } from '../../../electron/pack/pdf/document.ts';
import { Flow } from '../../../electron/pack/pdf/flow.ts';
import { ANALYST, keyArn, newAwsLedger, SNAPSHOT, type AwsLedger } from '../../support/aws-ledger.ts';
import { answers } from '../../support/controls.ts';
import { given } from './support.ts';

async function oneKey(
  metadata: object = {},
  mode: 'management' | 'auditor' = 'management',
): Promise<AwsLedger> {
  const ledger = newAwsLedger();
  await ledger.engagement({}, 2, mode);
  await ledger.lists([1]);
  await ledger.describe(1, metadata);
  derive(ledger.db);
  return ledger;
}

const WHOLE =
  'Keys are created in AWS KMS. Keys are rotated yearly. Access to keys is revoked. Keys are deleted after 30 days.';
const text = (words: string, name = 'p.md') => given(name, Buffer.from(words));
const facts = {
  title: 'P',
  version: '1',
  approver: 'CTO',
  approvedAt: '2026-02-01',
  nextReview: '2027-02-01',
  location: null,
};
const asked = (ledger: AwsLedger, control: typeof procedureCovers) => {
  const found = answers(ledger, control, { subject: 'procedure' });
  return [found.collection.result, found.period.result, found.collection.reason] as const;
};

describe('the procedure document', () => {
  it('is asked for when it is absent', async () => {
    const ledger = await oneKey();
    expect(asked(ledger, procedureDocumented)[0]).toBe('evidence-required');
    expect(asked(ledger, procedureCovers)[0]).toBe('evidence-required');
  });

  it.each([
    ['approved and current', {}, ['pass', 'pass']],
    ['not approved', { approver: null }, ['exception', 'exception']],
    ['overdue for review', { nextReview: '2026-03-01' }, ['exception', 'exception']],
    [
      'overdue a year after approval when it states no date',
      { approvedAt: '2025-03-01', nextReview: null },
      ['exception', 'exception'],
    ],
    ['approved only after the period', { approvedAt: '2026-07-01' }, ['pass', 'pass']],
  ] as const)('%s', async (_, change, results) => {
    const ledger = await oneKey();
    await attachProcedure(ledger, ANALYST, text(WHOLE), { ...facts, ...change });
    expect(asked(ledger, procedureDocumented).slice(0, 2)).toEqual(results);
  });

  it('must say how to create, rotate, revoke and delete keys, and name each system in use', async () => {
    const ledger = await oneKey();
    await attachProcedure(ledger, ANALYST, text(WHOLE), facts);
    expect(asked(ledger, procedureCovers)[0]).toBe('pass');
    await attachProcedure(
      ledger,
      ANALYST,
      text('Keys are created and rotated in Azure Key Vault. Delete the file.'),
      facts,
    );
    const [result, , reason] = asked(ledger, procedureCovers);
    expect(result).toBe('exception');
    expect(reason).toContain('does not say how to revoke, delete keys');
    expect(reason).toContain('AWS KMS, where keys were found');
  });

  it('is not judged by words that cannot be read', async () => {
    const ledger = await oneKey();
    await attachProcedure(ledger, ANALYST, given('scan.pdf', Buffer.from('%PDF-1.7 not a pdf')), facts);
    expect(asked(ledger, procedureCovers)).toMatchObject([
      'evidence-required',
      'evidence-required',
      expect.stringContaining('could not be read'),
    ]);
  });

  it.each([
    ['nothing is missing', WHOLE, ['aws'], { steps: [], systems: [] }],
    ['a system is not named', WHOLE, ['aws', 'vault'], { steps: [], systems: ['HashiCorp Vault'] }],
    [
      'a step is about something else',
      'Keys are created and rotated. Access to keys is revoked.\n\nWe delete old mails.',
      [],
      { steps: ['delete'], systems: [] },
    ],
    [
      'a heading carries the subject',
      '# Key deletion\nDelete after approval. Create keys; rotate keys; disable keys.',
      [],
      { steps: [], systems: [] },
    ],
  ])('finds what is not covered: %s', (_, words, providers, expected) => {
    expect(notCovered(words, providers)).toEqual(expected);
  });
});

describe('the template', () => {
  it('passes its own test, in both formats', async () => {
    const { db } = await oneKey();
    const template = procedureTemplate(db, SNAPSHOT);
    const docx = await documentText(given('t.docx', await templateDocx(template)));
    expect(docx.mediaType).toContain('wordprocessingml');
    for (const words of [templateMarkdown(template), docx.words!]) {
      expect(notCovered(words, ['aws'])).toEqual({ steps: [], systems: [] });
      expect(words).toContain('365 days');
    }
  });

  it('is not for a service auditor', async () => {
    const { db } = await oneKey({}, 'auditor');
    expect(() => procedureTemplate(db, SNAPSHOT)).toThrow(/service auditor/);
  });
});

describe('words of a document', () => {
  it('come from a PDF', async () => {
    const doc = new PdfDocument({
      info: {
        title: 'T',
        author: 'A',
        subject: 'S',
        producer: 'P',
        time: '2026-07-01T00:00:00.000Z',
        language: 'en',
      },
      furniture: { headLeft: '', headRight: '', footLeft: '', band: undefined },
      identity: 'x',
    });
    const flow = new Flow(doc);
    flow.newPage('portrait');
    flow.paragraph(WHOLE);
    const found = await documentText(given('p.pdf', doc.finish()));
    expect(found.unreadable).toBeNull();
    expect(notCovered(found.words!, ['aws'])).toEqual({ steps: [], systems: [] });
  });

  it('are said to be missing from anything else', async () => {
    expect(await documentText(given('x.bin', Buffer.from([0, 1, 2])))).toMatchObject({ words: null });
    expect(await documentText(given('x.md', Buffer.from('  ')))).toMatchObject({
      words: null,
      unreadable: expect.stringContaining('no text') as string,
    });
  });
});

describe('rotation by hand', () => {
  const RSA = { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', CreationDate: Date.parse('2024-03-01') / 1000 };
  const plan = { everyDays: 365, reason: 'asymmetric', performer: 'Tom' };
  const ask = (ledger: AwsLedger) => {
    const found = answers(ledger, rotationManual);
    return [found.collection.result, found.period.result, found.collection.reason] as const;
  };

  it('is asked for without a schedule, and an exception when its own schedule passed', async () => {
    const ledger = await oneKey(RSA);
    expect(ask(ledger)[0]).toBe('evidence-required');
    await recordSchedule(ledger, ANALYST, SNAPSHOT, keyArn(1), { ...plan, next: '2026-05-01' });
    const [now, then, reason] = ask(ledger);
    expect([now, then]).toEqual(['exception', 'exception']);
    expect(reason).toContain('next on 2026-05-01');
  });

  it('passes when it was done with evidence after the day it was planned for', async () => {
    const ledger = await oneKey(RSA);
    await recordSchedule(ledger, ANALYST, SNAPSHOT, keyArn(1), { ...plan, next: '2026-05-01' });
    await recordRotation(ledger, ANALYST, SNAPSHOT, {
      ...{ key: keyArn(1), rotatedAt: '2026-05-03T00:00:00.000Z', performer: 'Tom', reason: 'CHG-1' },
      evidence: text('done', 'chg.md'),
    });
    expect(ask(ledger)[0]).toBe('pass');
  });

  it('lets an auditor record only what the client evidences', async () => {
    const ledger = await oneKey(RSA, 'auditor');
    const done = { key: keyArn(1), rotatedAt: '2026-05-03T00:00:00.000Z', performer: 'Tom', reason: 'CHG-1' };
    await expect(
      recordRotation(ledger, ANALYST, SNAPSHOT, { ...done, evidence: null }),
    ).rejects.toMatchObject({ code: 'INDEPENDENCE' });
    await recordRotation(ledger, ANALYST, SNAPSHOT, { ...done, evidence: text('done', 'chg.md') });
    expect(ask(ledger)[0]).toBe('pass');
  });
});
