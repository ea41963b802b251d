import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readBody } from '../../../db/ledger/bodies.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import type { Call } from '../../../electron/recorder/call.ts';
import { awsAnswers } from '../../../electron/recorder/aws-answers.ts';
import { callKey, loadFinals, replay } from '../../../electron/recorder/finals.ts';
import {
  recordExchange,
  type RawAnswer,
  type RecorderCore,
} from '../../../electron/recorder/record-exchange.ts';
import { newEngagement } from '../../support/ledger.ts';

const call: Call = {
  snapshot: 's1',
  source: 'production',
  op: 'aws.kms.ListKeys',
  scope: '111122223333/eu-west-1',
  label: 'start',
  params: '{}',
  caller: null,
  attempt: 1,
  bodyClass: 'full',
  keepHeaders: ['etag'],
  answer: { format: 'json', members: ['Keys'] },
};
const signal = new AbortController().signal;

function core(overrides: Partial<RecorderCore> = {}) {
  const open = newEngagement();
  const recorder: RecorderCore = {
    writer: open.writer,
    ingestLines: null,
    now: () => new Date(),
    ...overrides,
  };
  return { ...open, recorder };
}

function answer(body: string, overrides: Partial<RawAnswer> = {}): RawAnswer {
  return {
    status: 200,
    headers: {},
    stream: Readable.from([Buffer.from(body)]),
    tlsPeer: null,
    ...overrides,
  };
}

const record = (recorder: RecorderCore, how: Call, send: () => Promise<RawAnswer>, s = signal) =>
  recordExchange(recorder, awsAnswers, how, 'kms.example', send, s);

test('the intent is in the ledger before anything is sent, and the bytes when the answer is handed on', async () => {
  const { recorder, db } = core();
  let intents: unknown;
  const recorded = await record(recorder, call, async () => {
    intents = db.prepare('SELECT count(*) FROM intent').pluck().get();
    return answer('{"Keys":[]}', { headers: { etag: 'e', 'set-cookie': 'c', 'x-amzn-requestid': 'r' } });
  });
  expect(intents).toBe(1);
  expect(db.prepare('SELECT count(*) FROM intent').pluck().get()).toBe(0);
  const entry = readEntry(db, recorded.seq)!;
  expect(entry.facts).toMatchObject({ outcome: 'ok', requestId: 'r', httpStatus: 200, bodyBytes: 11 });
  expect(entry.values.headers).toBe('{"etag":"e"}');
  expect(readBody(db, entry.values.body!)!.toString()).toBe('{"Keys":[]}');
  expect(replay(db, recorded.seq)).toMatchObject({
    headers: { etag: 'e' },
    body: recorded.body,
    replayed: true,
  });
});

test('an answer of class none leaves neither bytes nor their length nor their hash', async () => {
  const { recorder, db } = core();
  const recorded = await record(recorder, { ...call, bodyClass: 'none' }, async () =>
    answer('{"Keys":["secret"]}'),
  );
  expect(recorded.body!.toString()).toContain('secret');
  const entry = readEntry(db, recorded.seq)!;
  expect(entry.facts).toMatchObject({ bodyClass: 'none', bodyBytes: null });
  expect(Object.keys(entry.values)).toEqual(['params']);
  expect(db.prepare('SELECT count(*) FROM body').pluck().get()).toBe(0);
});

test('an answer of class hash-only leaves its hash and no bytes', async () => {
  const { recorder, db } = core();
  const recorded = await record(recorder, { ...call, bodyClass: 'hash-only' }, async () =>
    answer('{"Keys":[]}'),
  );
  expect(readEntry(db, recorded.seq)!.values.body).toMatch(/^[0-9a-f]{64}$/);
  expect(db.prepare('SELECT count(*) FROM body').pluck().get()).toBe(0);
});

test('a connection that breaks inside the body is a network failure without a body', async () => {
  const { recorder } = core();
  const broken = new Readable({
    read() {
      this.push('{"Ke');
      this.destroy(
        Object.assign(new Error('read ECONNRESET at https://x/?token=abc'), { code: 'ECONNRESET' }),
      );
    },
  });
  const { facts, body } = await record(recorder, call, async () => answer('', { stream: broken }));
  expect(facts).toMatchObject({
    outcome: 'network',
    errorCode: 'ECONNRESET',
    httpStatus: 200,
    bodyBytes: null,
  });
  expect(body).toBeNull();
});

test('a call cancelled in flight is recorded as interrupted', async () => {
  const { recorder } = core();
  const controller = new AbortController();
  const send = () => {
    controller.abort(new Error('cancelled'));
    return Promise.reject(new Error('aborted'));
  };
  const { facts } = await record(recorder, call, send, controller.signal);
  expect(facts).toMatchObject({ outcome: 'interrupted', errorCode: 'Cancelled' });
});

test('the error answer of a log file is kept whole, though its class is lines', async () => {
  const { recorder, db } = core();
  const denied = answer('<Error><Code>AccessDenied</Code></Error>', { status: 403 });
  const { facts, seq } = await record(recorder, { ...call, bodyClass: 'lines' }, async () => denied);
  expect(facts).toMatchObject({ outcome: 'error', errorCode: 'AccessDenied', bodyClass: 'full' });
  expect(readEntry(db, seq)!.values.body).toBeDefined();
});

test('finals hold answered calls, and count the tries of those without an answer', async () => {
  const { recorder, db } = core();
  const other = { ...call, label: 'end' };
  const ok = await record(recorder, call, async () => answer('{"Keys":[]}'));
  await record(recorder, { ...other, attempt: 1 }, async () => answer('{}', { status: 500 }));
  await record(recorder, { ...other, attempt: 2 }, async () => answer('{}', { status: 500 }));
  const finals = loadFinals(db, 's1', (facts) => facts.outcome === 'ok');
  expect(finals.get(callKey(call))).toBe(ok.seq);
  expect(finals.get(callKey(other))).toBeUndefined();
  expect(finals.attempts(callKey(other))).toBe(2);
  expect(loadFinals(db, 's2', () => true).size).toBe(0);
});
