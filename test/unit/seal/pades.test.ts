import { deflateSync } from 'node:zlib';
import { PDFDocument, PDFName, PDFString } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTsa, type Tsa } from '../../../electron/sandbox/tsa/tsa.ts';
import {
  addDocumentTimestamp,
  addValidationData,
  inspectPdfSignatures,
  isPdfPrefix,
  readValidationData,
  signPdf,
  verifyPdf,
} from '../../../electron/seal/pades.ts';
import { appendIncrement, streamObject, valueObject } from '../../../electron/seal/pdf/increment.ts';
import { firstPage, openPdf, type PdfFile } from '../../../electron/seal/pdf/pdf-file.ts';
import {
  isArray,
  pdfArray,
  pdfDictionary,
  pdfName,
  pdfReference,
  pdfText,
  textOf,
  withEntries,
  writeValue,
  type PdfArray,
  type PdfDictionary,
  type PdfValue,
} from '../../../electron/seal/pdf/values.ts';
import { flipped, identity, LATER, NOW, smallPdf } from './fixtures.ts';

const REASON = 'Sealing (évidence) 監査';
const FORMS = [
  ['object streams', true],
  ['a classic table', false],
] as const;

let tsa: Tsa;
beforeAll(async () => {
  tsa = await startTsa({ clock: () => LATER });
});
afterAll(() => tsa.close());

async function signed(useObjectStreams = true, kind: 'rsa' | 'p256' | 'p384' = 'p256', stamped = false) {
  const { signer, ca } = await identity(kind);
  const base = await smallPdf(useObjectStreams);
  const timestamp = stamped ? { timestamp: { urls: [tsa.url] } } : {};
  const { pdf } = await signPdf(base, signer, {
    reason: REASON,
    location: 'Zürich',
    signingTime: NOW,
    ...timestamp,
  });
  return { base, pdf, options: { trusted: [ca.certificate, tsa.caDer], at: LATER } };
}

/** Appends an update as someone without the key could. */
function changed(
  pdf: Uint8Array,
  change: (file: PdfFile) => [object: ReturnType<typeof firstPage>, value: PdfValue][],
): Uint8Array {
  const file = openPdf(pdf);
  return appendIncrement(
    file,
    change(file).map(([reference, value]) => valueObject(reference, value)),
  ).bytes;
}

describe.each(FORMS)('signing a PDF with %s', (_, useObjectStreams) => {
  test.each(['rsa', 'p256', 'p384'] as const)(
    '%s: the original is a prefix, the signature covers the whole file and verifies',
    async (kind) => {
      const { base, pdf, options } = await signed(useObjectStreams, kind, true);
      expect(isPdfPrefix(base, pdf)).toBe(true);
      expect(openPdf(pdf).sections[0]?.form).toBe(useObjectStreams ? 'stream' : 'table');
      const [check, ...more] = verifyPdf(pdf, options);
      expect(more).toEqual([]);
      expect(check).toMatchObject({
        problems: [],
        timestamp: null,
        signature: { valid: true, trust: 'trusted', signingTime: null, provenTime: LATER, chainProblems: [] },
        place: {
          kind: 'signature',
          fieldName: 'Signature',
          subFilter: 'ETSI.CAdES.detached',
          coversWholeFile: true,
          laterChanges: null,
          claimedTime: NOW,
          name: 'Zoë Łukasz 監査',
          reason: REASON,
          location: 'Zürich',
        },
      });
    },
  );

  test('validation data and document time-stamps are added, and renewed, without touching what is there', async () => {
    const { pdf, options } = await signed(useObjectStreams);
    const crl = new Uint8Array(await (await fetch(tsa.services.crlUrl)).arrayBuffer());
    const lt = addValidationData(pdf, { certificates: options.trusted, crls: [crl], ocsps: [] });
    const lta = await addDocumentTimestamp(lt, { urls: [tsa.url] });
    const renewed = await addDocumentTimestamp(
      addValidationData(lta.pdf, {
        certificates: [options.trusted[0] as Uint8Array, tsa.tsaCertificateDer],
        crls: [crl],
        ocsps: [],
      }),
      { urls: [tsa.url] },
    );
    for (const [inner, outer] of [
      [pdf, lt],
      [lt, lta.pdf],
      [lta.pdf, renewed.pdf],
    ] as const)
      expect(isPdfPrefix(inner, outer)).toBe(true);
    const checks = verifyPdf(renewed.pdf, options);
    expect(
      checks.map(({ place, problems }) => [place.kind, place.fieldName, place.coversWholeFile, problems]),
    ).toEqual([
      ['signature', 'Signature', false, []],
      ['timestamp', 'Timestamp 2', false, []],
      ['timestamp', 'Timestamp 3', true, []],
    ]);
    expect(checks[0]?.place.laterChanges).toEqual({
      harmless: true,
      changes: expect.arrayContaining(['validation data added', 'document time-stamp added']) as string[],
    });
    expect(checks[1]?.timestamp).toMatchObject({ valid: true, trust: 'trusted', genTime: LATER });
    const data = readValidationData(openPdf(renewed.pdf));
    expect([data.certificates.length, data.crls.length, data.ocsps.length]).toEqual([3, 1, 0]);
    expect(data.crls[0]).toEqual(crl);
  });

  test('nothing to add leaves the same bytes', async () => {
    const { pdf, options } = await signed(useObjectStreams);
    const once = addValidationData(pdf, { certificates: options.trusted, crls: [], ocsps: [] });
    expect(addValidationData(once, { certificates: options.trusted, crls: [], ocsps: [] })).toBe(once);
  });

  test('pdf-lib still reads the signed file, with its pages', async () => {
    const { pdf } = await signed(useObjectStreams);
    const document = await PDFDocument.load(pdf, { updateMetadata: false });
    expect(document.getPageCount()).toBe(2);
    expect(
      document
        .getForm()
        .getFields()
        .map((field) => field.getName()),
    ).toEqual(['Signature']);
  });

  test('a byte changed anywhere outside of the padding of the hole is detected', async () => {
    const { pdf, options } = await signed(useObjectStreams);
    const [place] = inspectPdfSignatures(pdf);
    const [, holeStart, holeEnd] = place?.byteRange as readonly [number, number, number, number];
    const positions = [...Array(60).keys()].map((index) => Math.floor((index * holeStart) / 60));
    for (let at = holeEnd; at < pdf.length; at += 13) positions.push(at);
    for (const at of [...positions, holeStart, holeStart + 1, holeStart + 400, holeEnd - 1]) {
      let problems: readonly string[];
      try {
        const checks = verifyPdf(flipped(pdf, at), options);
        problems = checks.length === 1 ? (checks[0]?.problems ?? []) : ['no signature is found'];
      } catch (error) {
        problems = [(error as Error).message];
      }
      expect(problems, `byte ${at}`).not.toEqual([]);
    }
  });
});

describe('what is appended to a signed PDF', () => {
  const sheet = (file: PdfFile): PdfDictionary => file.dictionary(firstPage(file)) as PdfDictionary;
  const note = (extra: Record<string, PdfValue> = {}): PdfDictionary =>
    pdfDictionary({
      Type: pdfName('Annot'),
      Subtype: pdfName('FreeText'),
      Rect: pdfArray([0, 0, 99, 99]),
      ...extra,
    });
  const annotations = (file: PdfFile): readonly PdfValue[] => {
    const array = file.resolve(sheet(file).entries.get('Annots'));
    return isArray(array) ? array.items : [];
  };

  test.each<[string, RegExp, Parameters<typeof changed>[1]]>([
    [
      'another page content',
      /changed its \/Contents/,
      (file) => [
        [firstPage(file), withEntries(sheet(file), { Contents: pdfReference(file.size) })],
        [pdfReference(file.size), pdfDictionary({})],
      ],
    ],
    [
      'a note on a page',
      /an annotation was added/,
      (file) => [
        [
          firstPage(file),
          withEntries(sheet(file), { Annots: pdfArray([...annotations(file), pdfReference(file.size)]) }),
        ],
        [pdfReference(file.size), note()],
      ],
    ],
    [
      'the signature’s widget taken off the page',
      /were removed or moved/,
      (file) => [[firstPage(file), withEntries(sheet(file), { Annots: pdfArray([]) })]],
    ],
    [
      'an action on opening',
      /the catalog's \/OpenAction changed/,
      (file) => [[file.rootReference, withEntries(file.catalog, { OpenAction: pdfDictionary({}) })]],
    ],
    [
      'another page tree',
      /the catalog's \/Pages changed/,
      (file) => [[file.rootReference, withEntries(file.catalog, { Pages: pdfDictionary({}) })]],
    ],
    ['a stray object', /object \d+ was added/, (file) => [[pdfReference(file.size), note()]]],
    [
      'a visible signature field',
      /a visible form field was added/,
      (file) => {
        const form = file.dictionary(file.catalog.entries.get('AcroForm')) as PdfDictionary;
        const fields = file.resolve(form.entries.get('Fields')) as PdfArray;
        const own = file.dictionary(fields.items[0]) as PdfDictionary;
        const field = pdfDictionary({
          FT: pdfName('Sig'),
          Rect: pdfArray([0, 0, 300, 300]),
          V: own.entries.get('V') ?? null,
        });
        return [
          [
            file.rootReference,
            withEntries(file.catalog, {
              AcroForm: withEntries(form, { Fields: pdfArray([...fields.items, pdfReference(file.size)]) }),
            }),
          ],
          [pdfReference(file.size), field],
        ];
      },
    ],
  ])('%s is harmful and named', async (_, named, change) => {
    for (const useObjectStreams of [true, false]) {
      const { pdf, options } = await signed(useObjectStreams);
      const [check] = verifyPdf(changed(pdf, change), options);
      expect(check?.signature?.valid).toBe(true);
      expect(check?.place.laterChanges).toMatchObject({ harmless: false });
      expect(check?.problems.join()).toMatch(named);
    }
  });

  test('a form that lost its fields leaves no signature to be found', async () => {
    const { pdf } = await signed();
    const bare = changed(pdf, (file) => [
      [file.rootReference, withEntries(file.catalog, { AcroForm: pdfDictionary({ Fields: pdfArray([]) }) })],
    ]);
    expect(verifyPdf(bare)).toEqual([]);
  });

  test('text disguised as validation data is harmful', async () => {
    const { pdf, options } = await signed();
    const file = openPdf(pdf);
    const [text, store] = [pdfReference(file.size), pdfReference(file.size + 1)];
    const forged = appendIncrement(file, [
      streamObject(text, Buffer.from('BT (No exceptions) Tj ET')),
      valueObject(store, pdfDictionary({ Certs: pdfArray([text]) })),
      valueObject(file.rootReference, withEntries(file.catalog, { DSS: store })),
    ]).bytes;
    expect(verifyPdf(forged, options)[0]?.place.laterChanges).toMatchObject({ harmless: false });
  });

  test('bytes after the end that are no update are refused', async () => {
    const { pdf } = await signed();
    expect(() => verifyPdf(Buffer.concat([pdf, Buffer.from('hidden')]))).toThrow(
      /does not end with startxref/,
    );
    const [check] = verifyPdf(Buffer.concat([pdf, Buffer.from('\n\n')]));
    expect(check?.place).toMatchObject({
      coversWholeFile: false,
      laterChanges: { harmless: true, changes: [] },
    });
  });

  test('a range that leaves out more than the signature is named', async () => {
    const { pdf, options } = await signed();
    const at = Buffer.from(pdf).indexOf('/ByteRange [0 ');
    const widened = Buffer.from(pdf);
    const [place] = inspectPdfSignatures(pdf);
    const [, start, end, rest] = place?.byteRange as readonly [number, number, number, number];
    widened.write(`[0 ${start - 50} ${end} ${rest}]`.padEnd(36), at + 11, 'latin1');
    expect(verifyPdf(widened, options)[0]?.problems.join()).toMatch(/leaves out more than the signature/);
  });

  test('a signature of another PDF is named', async () => {
    const [one, two] = [await signed(true), await signed(false)];
    const hole = (pdf: Uint8Array): [number, number] => {
      const [, start, end] = inspectPdfSignatures(pdf)[0]?.byteRange as readonly [
        number,
        number,
        number,
        number,
      ];
      return [start, end];
    };
    const [start, end] = hole(one.pdf);
    const [otherStart, otherEnd] = hole(two.pdf);
    const swapped = Buffer.from(one.pdf);
    swapped.set(two.pdf.subarray(otherStart, otherEnd), start);
    expect(otherEnd - otherStart).toBe(end - start);
    expect(verifyPdf(swapped, one.options)[0]?.problems.join()).toMatch(/the content is not what was signed/);
  });
});

describe('PDFs of other makers', () => {
  test('an unsigned PDF has no signatures', async () => {
    expect(verifyPdf(await smallPdf(true))).toEqual([]);
  });

  test('fields and annotations that are there already are kept', async () => {
    const document = await PDFDocument.create();
    const page = document.addPage([200, 200]);
    const field = document.getForm().createTextField('client (name)');
    field.addToPage(page, { x: 10, y: 10, width: 50, height: 20 });
    document.catalog.set(PDFName.of('Lang'), PDFString.of('de (CH) \\ é'));
    const { signer } = await identity();
    const base = await document.save();
    const { pdf } = await signPdf(base, signer, { reason: 'x', signingTime: NOW });
    expect(
      (await PDFDocument.load(pdf))
        .getForm()
        .getFields()
        .map((one) => one.getName()),
    ).toEqual(['client (name)', 'Signature 2']);
    const file = openPdf(pdf);
    expect(textOf(file.catalog.entries.get('Lang'))).toBe(textOf(openPdf(base).catalog.entries.get('Lang')));
    expect(verifyPdf(pdf, { at: LATER })[0]?.problems).toEqual([]);
  });

  test('object tables with PNG predictors are read', async () => {
    const table = Buffer.concat([
      Buffer.from([2, 0, 0, 0, 255]),
      Buffer.from([2, 1, 0, 15, 1]),
      Buffer.from([1, 1, 255, 65, 192]),
    ]);
    const body = '%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n1 0 obj\n<</Type /Catalog /Pages 9 0 R>>\nendobj\n';
    const offset = Buffer.byteLength(body, 'latin1');
    const data = deflateSync(table);
    const dictionary = `<</Type /XRef /Size 3 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /DecodeParms <</Predictor 12 /Columns 4>> /Length ${data.length}>>`;
    const pdf = Buffer.concat([
      Buffer.from(`${body}2 0 obj\n${dictionary}\nstream\n`, 'latin1'),
      data,
      Buffer.from(`\nendstream\nendobj\nstartxref\n${offset}\n%%EOF\n`),
    ]);
    expect([...openPdf(pdf).locations]).toEqual([
      [0, { kind: 'free' }],
      [1, { kind: 'offset', offset: 15, generation: 0 }],
      [2, { kind: 'offset', offset: 65, generation: 1 }],
    ]);
  });

  test.each<[string, (pdf: string) => string, RegExp]>([
    ['no PDF', () => 'hello', /does not begin with %PDF-/],
    ['a cut end', (pdf) => pdf.slice(0, -30), /does not end with startxref/],
    [
      'a table outside of the file',
      (pdf) => pdf.replace(/startxref\n\d+/, 'startxref\n99999999'),
      /outside of the file/,
    ],
    [
      'an encrypted one',
      (pdf) => pdf.replace('trailer\n<<', 'trailer\n<<\n/Encrypt 1 0 R'),
      /it is encrypted/,
    ],
    [
      'tables in a circle',
      (pdf) => pdf.replace('trailer\n<<', (head) => `${head}\n/Prev ${/startxref\n(\d+)/.exec(pdf)?.[1]}`),
      /in a circle/,
    ],
    [
      'a key that appears twice',
      (pdf) => pdf.replace('trailer\n<<', 'trailer\n<<\n/Size 1'),
      /\/Size appears twice/,
    ],
    [
      'deep nesting',
      (pdf) => pdf.replace('trailer\n<<', `trailer\n<</X ${'['.repeat(999)}`),
      /nested too deeply/,
    ],
  ])('%s is refused with words', async (_, change, reason) => {
    const pdf = Buffer.from(await smallPdf(false)).toString('latin1');
    expect(() => verifyPdf(Buffer.from(change(pdf), 'latin1'))).toThrow(reason);
  });

  test('a hole that is too small is told with both sizes', async () => {
    const { signer } = await identity('rsa');
    const signing = signPdf(await smallPdf(true), signer, {
      reason: 'x',
      signingTime: NOW,
      placeholderBytes: 1000,
    });
    await expect(signing).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringMatching(/\d{4} bytes and 1000 were reserved/) as string,
    });
  });

  test('values are written so that they read the same', () => {
    const value = pdfDictionary({
      'A B#/': pdfName('x y()'),
      N: pdfArray([1, -2.5, true, null, pdfReference(3)]),
      T: pdfText('(監)'),
    });
    expect(writeValue(value)).toBe(
      '<</A#20B#23#2f /x#20y#28#29 /N [1 -2.5 true null 3 0 R] /T <feff002876e30029>>>',
    );
  });
});
