import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PDFRawStream } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { openPromise } from 'yauzl';
import { disclose } from '../../../electron/pack/redact/disclose.ts';
import { Redactor } from '../../../electron/pack/redact/redactor.ts';
import { checkDisclosure } from '../../../electron/verify/disclosure/check-disclosure.ts';
import { verifyPack } from '../../../electron/verify/verify-pack.ts';
import { smallPack } from '../../support/small-pack.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { load, pageText, streamText } from '../../unit/pack/pdf/read-pdf.ts';

const ANN = 'arn:aws:iam::111122223333:user/ann';
const rules = { principals: [ANN], fields: ['eventID'], reason: 'privacy of staff' };
const by = { name: 'Olga', email: null };

/** Every file of a pack as text. */
async function texts(zipPath: string): Promise<Map<string, string>> {
  return new Map([...(await contents(zipPath))].map(([name, bytes]) => [name, bytes.toString('utf8')]));
}

/** A value in every form in which it could lie in a file: plain, in UTF-16, in hexadecimal, in base64 at any offset. */
function forms(value: string): Buffer[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((shift) =>
    // The first and last characters also hold bits of their neighbours.
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  const utf16 = Buffer.from(value, 'utf16le');
  const hex = [bytes.toString('hex'), Buffer.from(utf16).swap16().toString('hex')];
  return [
    bytes,
    utf16,
    Buffer.from(utf16).swap16(),
    ...[...base64, ...hex, ...hex.map((text) => text.toUpperCase())].map((text) => Buffer.from(text)),
  ];
}

/** What is compressed inside a file: sheets of a workbook, streams and text of a PDF. */
async function inside(name: string, bytes: Buffer): Promise<Buffer[]> {
  if (name.endsWith('.xlsx')) {
    const path = join(temporaryFolder(), 'book.xlsx');
    writeFileSync(path, bytes);
    return [...(await contents(path)).values()];
  }
  if (!name.endsWith('.pdf')) return [];
  const doc = await load(bytes);
  const pages = doc.getPages().map((page) => Buffer.from(pageText(doc, page, true)));
  const streams = doc.context
    .enumerateIndirectObjects()
    .flatMap(([, object]) =>
      object instanceof PDFRawStream ? [Buffer.from(streamText(object), 'latin1')] : [],
    );
  return [...pages, ...streams];
}

async function contents(zipPath: string): Promise<Map<string, Buffer>> {
  const zip = await openPromise(zipPath);
  const found = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const parts: Buffer[] = [];
    for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
    found.set(entry.fileName, Buffer.concat(parts));
  }
  return found;
}

describe('a redacted pack', () => {
  it('verifies, holds no redacted value in any file, and equal values have equal tokens', async () => {
    const { pack, trusted } = await smallPack({ redaction: { rules, by } });
    const { verdict, checks } = await verifyPack(pack.zip, { trusted });
    expect(checks.filter((c) => c.result === 'fail')).toEqual([]);
    expect(verdict).toBe('intact');
    expect(checks.find((c) => c.id === 'disclosure')?.detail).toMatch(/sealed values are withheld/);

    const files = await texts(pack.zip);
    for (const [name, text] of files) {
      expect(text.includes(ANN), name).toBe(false);
      expect(/"e1[0-9]"/.test(text), name).toBe(false);
    }
    const log = JSON.parse(files.get('data/redactions/redaction-log.json')!) as {
      values: { token: string; occurrences: number }[];
      withheld: { values: { seq: number; field: string }[]; records: { seq: number; indexes: number[] }[] };
    };
    expect(log.withheld.records.length).toBeGreaterThan(0);
    const caller = log.withheld.values.filter((v) => v.field === 'caller');
    expect(caller.length).toBeGreaterThan(1);
    const copies = files.get('data/redactions/values.jsonl')!.match(/redacted-[0-9a-f]{20}/g)!;
    expect(new Set(copies).size).toBe(1);
    expect(log.values.find((v) => v.token === copies[0])?.occurrences).toBeGreaterThan(1);
  });

  it('has report and workbooks of its own, and no value in any form in any of them', async () => {
    const { pack, trusted } = await smallPack({ redaction: { rules, by } });
    expect((await verifyPack(pack.zip, { trusted })).verdict).toBe('intact');
    const files = await contents(pack.zip);
    for (const name of [
      'data/report.pdf',
      'data/1-key-configuration/keys.xlsx',
      'data/2-access/access-matrix.xlsx',
    ])
      expect([...files.keys()]).toContain(name);
    const wanted = forms(ANN);
    let looked = 0;
    for (const [name, bytes] of files) {
      for (const part of [bytes, ...(await inside(name, bytes))]) {
        looked += 1;
        for (const form of wanted)
          expect(part.includes(form), `${name}: ${form.toString('latin1')}`).toBe(false);
      }
    }
    expect(looked).toBeGreaterThan(files.size + 10);
    // The same search finds the value where it is.
    const open = await contents((await smallPack()).pack.zip);
    expect([...open.values()].some((bytes) => wanted.some((form) => bytes.includes(form)))).toBe(true);
  });

  it('is the ordinary pack where nothing was asked to be redacted', async () => {
    const { pack } = await smallPack();
    const files = await texts(pack.zip);
    expect([...files.keys()].filter((name) => name.includes('redact'))).toEqual([]);
    expect(files.get('data/ledger/salts.jsonl')).toContain(ANN);
  });

  it('can have a single value opened later, and tells a false one', async () => {
    const { pack, db } = await smallPack({ redaction: { rules, by } });
    const files = await texts(pack.zip);
    const log = JSON.parse(files.get('data/redactions/redaction-log.json')!) as {
      withheld: { values: { seq: number; field: string }[]; records: { seq: number; indexes: number[] }[] };
    };
    const value = log.withheld.values.find((v) => v.field === 'caller')!;
    const [records] = log.withheld.records;
    const opened = [
      disclose(db, { entry: value.seq, field: value.field }),
      disclose(db, { entry: records!.seq, record: records!.indexes[0]! }),
      disclose(db, { value: ANN }),
    ];
    for (const one of opened) {
      const checks = await checkDisclosure(pack.zip, JSON.stringify(one));
      expect(checks.map((c) => c.result)).toEqual(['pass']);
    }
    const forged = [
      { ...opened[0]!, values: opened[0]!.values.map((v) => ({ ...v, value: '{"arn":"somebody else"}' })) },
      { ...opened[1]!, records: opened[1]!.records.map((r) => ({ ...r, record: 'e30=' })) },
      { ...opened[2]!, tokens: opened[2]!.tokens.map((t) => ({ ...t, value: 'somebody else' })) },
    ];
    for (const one of forged) {
      const checks = await checkDisclosure(pack.zip, JSON.stringify(one));
      expect(checks.map((c) => c.result)).toEqual(['fail']);
    }
    expect((await checkDisclosure(pack.zip, 'no JSON'))[0]?.result).toBe('fail');
  });

  it('keeps the secret behind its tokens out of later packs too', async () => {
    const { pack, db } = await smallPack({ redaction: { rules, by } });
    const secret = db
      .prepare<[], string>(
        "SELECT value FROM disclosure WHERE seq = (SELECT seq FROM entry WHERE op = 'redaction.secret')",
      )
      .pluck()
      .get()!;
    const { value } = JSON.parse(secret) as { value: { secret: string } };
    for (const [name, text] of await texts(pack.zip)) expect(text.includes(value.secret), name).toBe(false);
  });
});

describe('a redactor', () => {
  const secret = Buffer.alloc(32, 7);

  it('finds values as a whole, in the spellings of JSON, XML and URLs', () => {
    const redactor = new Redactor(secret, ['user/ann', 'Zoë & "Co"']);
    expect(redactor.text('user/anna and xuser/ann stay')).toBe('user/anna and xuser/ann stay');
    expect(redactor.text('user/ann@example.org')).toMatch(/^redacted-[0-9a-f]{20}@example\.org$/);
    expect(redactor.text('By user/ann.')).toMatch(/^By redacted-[0-9a-f]{20}\.$/);
    for (const spelling of [
      'Zoë & "Co"',
      JSON.stringify('Zoë & "Co"'),
      '"Zo\\u00eb & \\"Co\\""',
      'Zoë &amp; &quot;Co&quot;',
      encodeURIComponent('Zoë & "Co"'),
    ])
      expect(redactor.text(spelling), spelling).not.toMatch(/Zo/);
  });

  it('takes the longest of values that hold each other, and leaves all text alone without values', () => {
    const redactor = new Redactor(secret, ['role/ann', 'ann']);
    const [long, short] = [redactor.text('role/ann'), redactor.text('ann')];
    expect(long).toMatch(/^redacted-/);
    expect(long).not.toBe(short);
    expect(new Redactor(secret, []).text('ann')).toBe('ann');
  });
});
