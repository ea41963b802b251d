import { expect, test } from 'vitest';
import type { CollectNote } from '../../../../electron/engagement/collection.ts';
import type { AwsRun } from '../../../../electron/providers/aws/aws-run.ts';
import { collectEvents } from '../../../../electron/providers/aws/collect-events.ts';

interface Lookup {
  LookupAttributes: { AttributeKey: string; AttributeValue: string }[];
  StartTime: Date;
  EndTime: Date;
  NextToken?: string;
}

/** An account whose event history answers as told; keeps what was asked and noted. */
function account(
  answer: (lookup: Lookup, label: string) => { events: number; next?: string } | 'expired',
  options: { from?: string; to?: string; usageEventBudget?: number } = {},
) {
  const asked: { label: string; value: string; from: string; to: string; token: string | undefined }[] = [];
  const notes: Omit<CollectNote, 'source'>[] = [];
  const ask = async (_op: unknown, input: Lookup, { label = '' }: { label?: string }) => {
    const value = input.LookupAttributes[0]!.AttributeValue;
    const from = input.StartTime.toISOString();
    asked.push({ label, value, from, to: input.EndTime.toISOString(), token: input.NextToken });
    const got = answer(input, label);
    if (got === 'expired') {
      return {
        ok: false,
        code: 'InvalidNextTokenException',
        message: null,
        notApplicable: 'expired',
        seq: 1,
      };
    }
    return { ok: true, output: { Events: Array(got.events).fill({}), NextToken: got.next }, seq: 1 };
  };
  const aws = {
    account: '111122223333',
    ask,
    run: {
      period: {
        from: options.from ?? '2026-06-01T00:00:00.000Z',
        to: options.to ?? '2026-06-04T00:00:00.000Z',
      },
      startedAt: new Date('2026-06-10T12:00:00.000Z'),
      settings: { usageEventBudget: options.usageEventBudget ?? 0 },
      asking: {
        note: async (note: Omit<CollectNote, 'source'>) => void notes.push(note),
        tracker: { plan() {} },
      },
    },
  } as unknown as AwsRun;
  return { aws, asked, notes };
}

const none = () => ({ events: 0 });

test('every change of keys and of logging is looked up by name over the whole period', async () => {
  const { aws, asked, notes } = account(none);
  await collectEvents(aws, 'eu-west-1');
  expect(asked.map((a) => a.value)).toEqual(
    expect.arrayContaining(['ScheduleKeyDeletion', 'PutKeyPolicy', 'StopLogging']),
  );
  expect(new Set(asked.map((a) => a.value)).size).toBe(asked.length);
  expect(new Set(asked.map((a) => `${a.from} ${a.to}`))).toEqual(
    new Set(['2026-06-01T00:00:00.000Z 2026-06-03T23:59:59.000Z']),
  );
  expect(notes).toEqual([]);
});

test('what lies before the ninety days of the event history is noted, the rest is asked', async () => {
  const { aws, asked, notes } = account(none, { from: '2026-01-01T00:00:00.000Z' });
  await collectEvents(aws, 'eu-west-1');
  expect(asked[0]!.from).toBe('2026-03-12T12:00:00.000Z');
  expect(notes).toMatchObject([
    { what: 'before-retention-edge', from: '2026-01-01T00:00:00.000Z', to: '2026-03-12T12:00:00.000Z' },
  ]);
});

test('a period that lies wholly before the edge is noted and not asked', async () => {
  const { aws, asked, notes } = account(none, {
    from: '2025-01-01T00:00:00.000Z',
    to: '2025-02-01T00:00:00.000Z',
  });
  await collectEvents(aws, 'eu-west-1');
  expect(asked).toEqual([]);
  expect(notes).toMatchObject([{ what: 'before-retention-edge', to: '2025-02-01T00:00:00.000Z' }]);
});

test('the last quarter of an hour before the collection is noted as provisional', async () => {
  const { aws, notes } = account(none, { to: '2026-07-01T00:00:00.000Z' });
  await collectEvents(aws, 'eu-west-1');
  expect(notes).toMatchObject([
    { what: 'provisional-tail', from: '2026-06-10T11:45:00.000Z', to: '2026-06-10T12:00:00.000Z' },
  ]);
});

test('uses of keys are looked up newest day first, until the budget is spent, and the rest is noted', async () => {
  const { aws, asked, notes } = account(
    ({ LookupAttributes, NextToken }) =>
      LookupAttributes[0]!.AttributeKey === 'EventSource'
        ? { events: 50, ...(NextToken ? {} : { next: 'page-2' }) }
        : { events: 0 },
    { usageEventBudget: 150 },
  );
  await collectEvents(aws, 'eu-west-1');
  const uses = asked.filter((a) => a.value === 'kms.amazonaws.com');
  expect(uses.map((a) => [a.from.slice(8, 10), a.token])).toEqual([
    ['03', undefined],
    ['03', 'page-2'],
    ['02', undefined],
  ]);
  // The second of June was cut short: it is not covered.
  expect(notes).toMatchObject([
    { what: 'event-budget-reached', from: '2026-06-01T00:00:00.000Z', to: '2026-06-03T00:00:00.000Z' },
  ]);
});

test('a page token that expired begins the slice again under a label of its own', async () => {
  const { aws, asked, notes } = account((lookup, label) => {
    if (lookup.LookupAttributes[0]!.AttributeValue !== 'CreateGrant') return { events: 0 };
    if (!lookup.NextToken) return { events: 50, next: `token${label}` };
    return label === '' ? 'expired' : { events: 3 };
  });
  await collectEvents(aws, 'eu-west-1');
  const grants = asked.filter((a) => a.value === 'CreateGrant');
  expect(grants.map((a) => [a.label, a.token])).toEqual([
    ['', undefined],
    ['', 'token'],
    ['restart-1', undefined],
    ['restart-1', 'tokenrestart-1'],
  ]);
  expect(notes).toMatchObject([{ what: 'lookup-restarted' }]);
});

test('a slice whose tokens keep expiring ends as incomplete', async () => {
  const { aws, notes } = account((lookup) => {
    if (lookup.LookupAttributes[0]!.AttributeValue !== 'CreateGrant') return { events: 0 };
    return lookup.NextToken ? 'expired' : { events: 50, next: 'token' };
  });
  await collectEvents(aws, 'eu-west-1');
  expect(notes.map((n) => n.what)).toEqual([
    'lookup-restarted',
    'lookup-restarted',
    'lookup-restarted',
    'lookup-incomplete',
  ]);
});
