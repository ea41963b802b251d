/** The last sections: what the pack does not prove, the words used, and the seal. */
import { startSection, type ReportContext } from './context.ts';
import { keyValues, table } from '../table.ts';
import type { Text } from '../inline.ts';
import { bold, count, mono, time } from './words.ts';

const ALWAYS = [
  'That the source told the truth. The responses are what the provider returned to the caller named; a provider or an account that answers falsely is recorded faithfully.',
  'That every event was delivered. Logs are shown with their coverage and, where the provider signs them, with the result of checking its signatures.',
  'That nobody used a data key after it had been fetched. A cached data key leaves no trace in the log of the key that wrapped it.',
  'That a setting held between two events that no log covers. Such stretches are undetermined, not passed.',
  'That the machine which collected was sound before the evidence was sealed. The seal shows changes made afterwards.',
  'That a client-provided file is what the source issued, unless the source’s own signature was verified.',
  'That controls outside key management work. No opinion is given on the design or operation of any control.',
];

export function limitationsSection(context: ReportContext): void {
  const { flow, model } = context;
  startSection(context, 'limitations', 'What a reader must not conclude from this pack.', false, true);
  flow.list(ALWAYS);
  if (model.limitations.length === 0) return;
  flow.heading(2, 'In this engagement');
  flow.list(model.limitations);
}

const GLOSSARY: readonly (readonly [string, string])[] = [
  [
    'access path',
    'How a principal holds a right on a key: the statement, grant, role or policy that gives it.',
  ],
  ['control, test', 'What is expected, and the procedure by which it was examined.'],
  ['coverage', 'The parts of the period that the log sources really cover.'],
  ['exception', 'A result that differs from what the test asks for.'],
  ['exchange', 'One request and its response as recorded, with a number in the ledger.'],
  ['exhibit', 'One piece of evidence as shown; it cites exchanges.'],
  ['gap', 'Something that should be there and is not, with the reason.'],
  ['key', 'One cryptographic key of a provider.'],
  ['ledger', 'Everything that is evidence or a decision about it, in order, append-only and hash-chained.'],
  ['pack', 'The sealed result: this report and the zip with the evidence.'],
  ['period', 'The dates under audit, inclusive, UTC.'],
  ['principal', 'A person, role, service or account that may hold rights.'],
  ['rotation', 'Replacement of key material; earlier material stays available to decrypt.'],
  ['seal', 'The signature over the pack, and the trusted time over the signature where there is one.'],
  ['snapshot', 'One collection run; a point in time, never edited afterwards.'],
  ['source', 'One place evidence comes from: an account, a subscription, a cluster, or imported files.'],
];

export function glossarySection(context: ReportContext): void {
  startSection(context, 'glossary', 'Words as this report uses them.');
  table(context.flow, {
    columns: [{ title: 'Word', width: 110, names: true }, { title: 'Meaning' }],
    rows: GLOSSARY.map(([word, meaning]): Text[] => [bold(word), meaning]),
  });
}

/** Describes the seal. It says nothing of trusted time, which may be added later without changing these bytes. */
export function signaturesSection(context: ReportContext): void {
  const { flow, model } = context;
  const { signing, pack } = model;
  startSection(
    context,
    'signatures',
    'This report and the zip are signed by the same key. The signature is in the file; this page describes it.',
  );
  keyValues(
    flow,
    [
      ['Signer', bold(signing.signer)],
      ['Certificate', signing.subject],
      ['Fingerprint (SHA-256)', mono(signing.fingerprint)],
      ['Anchored by', signing.anchoring],
      ['Algorithm', signing.algorithm],
      ['Pack', mono(pack.id)],
      ['Built', `${time(pack.builtAt)}, by the clock of the machine that built it`],
      ['Merkle root', mono(pack.merkleRoot)],
      ['Ledger head', [mono(pack.ledgerHead), ` after ${count(pack.ledgerEntries)} entries`]],
      ['Zip', mono(pack.zipFile)],
    ],
    { label: 118 },
  );
  flow.callout('note', 'How to check it without us', [
    'Open this file in any reader that checks PDF signatures, or run the commands in ',
    mono('VERIFY.txt'),
    ' of the zip with openssl and sha256sum. They show whether anything changed since it was signed and by which certificate; whether to trust that certificate is for the reader to decide.',
  ]);
  flow.paragraph(
    'The claimed time above comes from a laptop’s clock. Whether and when a timestamp authority confirmed it is stated by the verification, never by this page.',
  );
}
