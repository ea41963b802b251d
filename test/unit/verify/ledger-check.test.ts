import { describe, expect, it } from 'vitest';
import { ledgerFiles } from '../../../electron/pack/files/ledger-files.ts';
import type { PackFile } from '../../../electron/pack/files/pack-file.ts';
import { usageFiles } from '../../../electron/pack/files/usage-files.ts';
import { checkBodies } from '../../../electron/verify/pack/body-check.ts';
import type { OpenFile } from '../../../electron/verify/pack/evidence.ts';
import { walkLedger } from '../../../electron/verify/pack/ledger-check.ts';
import { checkLogRecords } from '../../../electron/verify/pack/record-check.ts';
import { appendCheckpoint, exchangeDraft, logFile, newEngagement } from '../../support/ledger.ts';

/** Files of a pack over a small ledger: three bodies, two log files, a checkpoint. */
async function packFiles(): Promise<Map<string, Buffer>> {
  const { db, writer } = newEngagement();
  for (const n of [1, 2, 3]) await writer.append(exchangeDraft(), { body: Buffer.from(`body ${n}`) });
  for (const count of [20, 7]) {
    const file = logFile(count);
    await writer.append(file.draft, { records: file.records });
  }
  await appendCheckpoint(writer);
  return contents([...ledgerFiles(db, writer.head.seq), ...usageFiles(db, writer.head.seq)]);
}

async function contents(files: readonly PackFile[]): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const file of files) {
    const source = await file.content();
    const parts: Uint8Array[] = [];
    if (typeof source === 'string') parts.push(Buffer.from(source));
    else if (source instanceof Uint8Array) parts.push(source);
    else for await (const part of source) parts.push(part);
    found.set(file.path, Buffer.concat(parts));
  }
  return found;
}

/** Opens files in pieces of a few bytes, so that nothing depends on where pieces end. */
function opener(files: ReadonlyMap<string, Buffer>, piece = 13): OpenFile {
  return (path) => {
    const bytes = files.get(path);
    if (!bytes) return null;
    return (async function* () {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    })();
  };
}

async function checkAll(files: ReadonlyMap<string, Buffer>) {
  const open = opener(files);
  const ledger = await walkLedger(open);
  if ('what' in ledger) return ledger;
  return (
    (await checkBodies(open, ledger.bodies, files.keys())) ??
    (await checkLogRecords(open, ledger.logFiles, files.keys()))
  );
}

const LOG = 'data/3-usage-logs/aws-1-undated.jsonl';

describe('the ledger of a pack', () => {
  it('holds together as written', async () => {
    const files = await packFiles();
    expect(await checkAll(files)).toBeNull();
    expect(files.get(LOG)!.toString().split('\n').length - 1).toBe(14);
    expect(await walkLedger(opener(files))).toMatchObject({
      entries: 6,
      kinds: { exchange: 5, checkpoint: 1 },
      calls: { 'aws.kms.DescribeKey': { ok: 3 }, 'aws.s3.GetObject': { ok: 2 } },
      withheld: 0,
    });
  });

  it('may withhold a value: the commitment stays and the rest still verifies', async () => {
    const files = await packFiles();
    const salts = files.get('data/ledger/salts.jsonl')!.toString().split('\n');
    files.set(
      'data/ledger/salts.jsonl',
      Buffer.from(salts.filter((l) => !l.includes('"caller"')).join('\n')),
    );
    expect(await walkLedger(opener(files))).toMatchObject({ entries: 6, withheld: 5 });
  });

  const edits: [string, string, (text: string) => string, RegExp][] = [
    [
      'a line is changed',
      'data/ledger/entries.jsonl',
      (t) => t.replace('"attempt":1', '"attempt":2'),
      /entry 2: it does not follow/,
    ],
    ['a line is ended early', 'data/ledger/entries.jsonl', (t) => t.slice(0, -5), /not ended/],
    [
      'a salt is changed',
      'data/ledger/salts.jsonl',
      (t) => t.replace(/"salt":"../, '"salt":"00'),
      /not the one that was sealed/,
    ],
    [
      'a salt of no entry is added',
      'data/ledger/salts.jsonl',
      (t) => t + `{"seq":99,"field":"x","salt":"${'00'.repeat(32)}","value":""}\n`,
      /entry 99/,
    ],
    [
      'the start of a value moves into its salt',
      'data/ledger/salts.jsonl',
      (t) =>
        t.replace(
          /"salt":"([0-9a-f]{64})","value":"\{/,
          (_all, salt: string) => `"salt":"${salt}7b","value":"`,
        ),
      /line [12] does not open/,
    ],
    [
      'another value stands before the sealed one in the same line',
      'data/ledger/salts.jsonl',
      (t) => t.replace('"value":', '"value":"forged","value":'),
      /line 1 does not open/,
    ],
    [
      'a value is opened twice to hide that another is withheld',
      'data/ledger/salts.jsonl',
      (t) => t.replace(/^.*\n(.*\n)/, '$1$1'),
      /given twice for "caller"|given twice for "params"/,
    ],
    ['a salt is null', 'data/ledger/salts.jsonl', (t) => 'null\n' + t, /line 1 does not open/],
    [
      'the last line has white space',
      'data/ledger/entries.jsonl',
      (t) => t.replace(/\n$/, '\r\n'),
      /known version/,
    ],
    [
      'a body is listed twice in the place of another',
      'data/ledger/bodies.csv',
      (t) => {
        const rows = t.split('\r\n');
        return [rows[0], rows[1], rows[1], rows[3], ''].join('\r\n');
      },
      /twice/,
    ],
    [
      'a log file is proved twice in the place of another',
      'data/ledger/proofs.jsonl',
      (t) => {
        const [first] = t.split('\n');
        return `${first}\n${first}\n`;
      },
      /records of entry 4 twice/,
    ],
    [
      'a proof names a record by a broken number',
      'data/ledger/proofs.jsonl',
      (t) => t.replace('"kept":[0,', '"kept":[0.5,'),
      /not a proof/,
    ],
    [
      'a body is changed',
      'data/ledger/bodies-0001.bin',
      (t) => t.replace('body 2', 'BODY 2'),
      /is not the one that was recorded/,
    ],
    ['a body bundle is cut', 'data/ledger/bodies-0001.bin', (t) => t.slice(0, -1), /ends early/],
    ['bytes are added to a bundle', 'data/ledger/bodies-0001.bin', (t) => t + 'x', /belong to no body/],
    [
      'a body is taken off the list',
      'data/ledger/bodies.csv',
      (t) => t.split('\r\n').slice(0, -2).join('\r\n') + '\r\n',
      /lists 2 bodies/,
    ],
    ['a raw record is changed', LOG, (t) => t.replace('"e4"', '"e5"'), /lines 1 to 10 are not the records/],
    ['a raw record is removed', LOG, (t) => t.split('\n').slice(1).join('\n'), /not the records|before all/],
    ['a raw record is added', LOG, (t) => t + '{"eventID":"forged"}\n', /is in no log file/],
    [
      'a proof is changed',
      'data/ledger/proofs.jsonl',
      (t) => t.replace(/"nodes":\["../, '"nodes":["ff'),
      /not the records/,
    ],
    [
      'a proof is removed',
      'data/ledger/proofs.jsonl',
      (t) => t.split('\n').slice(1).join('\n'),
      /not proved|1 log files of 2/,
    ],
  ];

  it.each(edits)('is named when %s', async (_what, path, edit, words) => {
    const files = await packFiles();
    const edited = edit(files.get(path)!.toString('latin1'));
    expect(edited).not.toBe(files.get(path)!.toString('latin1'));
    files.set(path, Buffer.from(edited, 'latin1'));
    const fault = await checkAll(files);
    expect(fault?.what).toMatch(words);
  });

  it.each([
    ['data/3-usage-logs/aws-9-2026-01.jsonl', /no proof names it/],
    ['data/ledger/bodies-0009.bin', /no body that is listed/],
  ])('names a file of evidence that nothing lists: %s', async (path, words) => {
    const files = await packFiles();
    files.set(path, Buffer.from('{"eventID":"forged"}\n'));
    expect(await checkAll(files)).toEqual({ file: path, what: expect.stringMatching(words) as string });
  });

  it('holds each body to the entries it was made for: a later one stays out', async () => {
    const { db, writer } = newEngagement();
    await writer.append(exchangeDraft(), { body: Buffer.from('first') });
    await writer.append(exchangeDraft(), { body: Buffer.from('later') });
    const files = await contents([...ledgerFiles(db, 1), ...usageFiles(db, 1)]);
    expect(await checkAll(files)).toBeNull();
    expect(files.get('data/ledger/bodies-0001.bin')!.toString()).toBe('first');
  });

  it('counts calls by what the ledger says, also where it says __proto__', async () => {
    const { db, writer } = newEngagement();
    await writer.append(exchangeDraft({ op: '__proto__', outcome: 'error', errorCode: 'polluted' }));
    const files = await contents([...ledgerFiles(db, 1), ...usageFiles(db, 1)]);
    const ledger = await walkLedger(opener(files));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.entries((ledger as { calls: object }).calls)).toEqual([['__proto__', { polluted: 1 }]]);
  });

  it('names a file that is missing', async () => {
    for (const path of [
      'data/ledger/entries.jsonl',
      'data/ledger/salts.jsonl',
      'data/ledger/bodies.csv',
      LOG,
    ]) {
      const files = await packFiles();
      files.delete(path);
      expect(await checkAll(files)).toEqual({ file: path, what: 'it is not in the pack' });
    }
  });
});
