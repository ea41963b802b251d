import { isUtf8 } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import type { ReadableDb } from '../../../db/handle.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { logRecords } from '../../../db/ledger/log-records.ts';
import { jsonLines } from '../files/csv.ts';
import type { PackFile } from '../files/pack-file.ts';
import type { Source } from '../zip/writer.ts';
import type { Redaction } from './redaction.ts';
import type { Redactor } from './redactor.ts';
import { isPacked } from './withheld.ts';

const TEXT = /\.(csv|json|jsonl|svg|txt|md|pem)$/;
/** Files that hold raw evidence and are made without what is withheld; and what carries no value at all. */
const RAW = /^data\/(ledger\/(?!activity\.jsonl$)|3-usage-logs\/[^/]+\.jsonl$|certificates\/)/;
/** Texts as a provider or the client gave them: a changed copy is another file and is named so. */
const AS_RECEIVED = /^data\/2-access\/(policies|iam|roles)-[^/]+$/;

/**
 * The files of a redacted pack: texts and workbooks with tokens in the place of values, nothing else, and
 * data/redactions/ with the redacted copies and the log.
 */
export function redactFiles(db: ReadableDb, files: readonly PackFile[], redaction: Redaction): PackFile[] {
  const leftOut: string[] = [];
  const kept = files.flatMap((file) => {
    if (RAW.test(file.path)) return [file];
    if (TEXT.test(file.path)) return [redactedFile(file, redaction.redactor)];
    const { path, redacted } = file;
    if (redacted) return [{ path, content: () => redacted((text) => redaction.redactor.text(text)) }];
    leftOut.push(path);
    return [];
  });
  const folder = 'data/redactions';
  return [
    ...kept,
    { path: `${folder}/values.jsonl`, content: () => jsonLines(valueCopies(db, redaction)), large: true },
    {
      path: `${folder}/log-records.jsonl`,
      content: () => jsonLines(recordCopies(db, redaction)),
      large: true,
    },
    // Last: by then everything that is replaced has been counted.
    {
      path: `${folder}/redaction-log.json`,
      content: () => `${JSON.stringify(log(redaction, leftOut), null, 1)}\n`,
    },
  ];
}

function redactedFile({ path, content, large }: PackFile, redactor: Redactor): PackFile {
  return {
    path: AS_RECEIVED.test(path) ? path.replace(/(\.[a-z]+)$/, '.redacted$1') : path,
    content: async () => redactedText(await content(), redactor),
    ...(large === undefined ? {} : { large }),
  };
}

/** Line by line: no value has a line break. */
async function* redactedText(source: Source, redactor: Redactor): AsyncGenerator<Buffer> {
  const pieces =
    typeof source === 'string' ? [Buffer.from(source)] : source instanceof Uint8Array ? [source] : source;
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const piece of pieces) {
    rest += decoder.write(Buffer.from(piece));
    const end = rest.lastIndexOf('\n') + 1;
    if (end === 0) continue;
    yield Buffer.from(redactor.text(rest.slice(0, end)));
    rest = rest.slice(end);
  }
  yield Buffer.from(redactor.text(rest + decoder.end()));
}

/** A copy of every sealed value that is withheld; of a body, its text. */
function* valueCopies(db: ReadableDb, { withheld, redactor }: Redaction) {
  const one = db
    .prepare<[number, string], string>('SELECT value FROM disclosure WHERE seq = ? AND field = ?')
    .pluck();
  for (const name of withheld.values) {
    const [seq, field] = name.split(' ') as [string, string];
    const value = one.get(Number(seq), field)!;
    const text = field === 'body' ? bodyText(readBody(db, value)!) : value;
    yield { seq: Number(seq), field, redacted: redactor.text(text) };
  }
}

/** What is no text is not copied: its values could not be found in it. */
function bodyText(body: Buffer): string {
  return isUtf8(body) && !isPacked(body) ? body.toString('utf8') : 'not a text: withheld whole';
}

function* recordCopies(db: ReadableDb, { withheld, redactor }: Redaction) {
  for (const [seq, indexes] of withheld.records) {
    for (const { index, raw } of logRecords(db, seq))
      if (indexes.has(index)) yield { seq, index, redacted: redactor.text(raw.toString('utf8')) };
  }
}

function log({ rules, withheld, redactor }: Redaction, leftOut: readonly string[]) {
  return {
    format: 'urn:keywitness:redactions:1',
    reason: rules.reason,
    rules: { fields: rules.fields, principals: rules.principals.length },
    tokens:
      'redacted- and the first 20 hex digits of SHA-256(salt, value); one salt a value, kept by the operator; equal values have equal tokens',
    values: [...redactor.counts].map(([token, occurrences]) => ({ token, occurrences })),
    withheld: {
      values: [...withheld.values].map((name) => {
        const [seq, field] = name.split(' ');
        return { seq: Number(seq), field };
      }),
      records: [...withheld.records].map(([seq, indexes]) => ({ seq, indexes: [...indexes] })),
    },
    /** Files that are no plain text, and so could hold a value unseen. */
    leftOut,
  };
}
