import type { ReadableDb } from '../../../db/handle.ts';
import { bodyBytes, readBody } from '../../../db/ledger/bodies.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import type { Exchange } from '../../api/keys.ts';
import { bodyBlob } from '../service/blobs.ts';
import { Refusal } from '../service/refusal.ts';

/** Longest body that goes along as text; a longer one is downloaded. */
const MOST_TEXT_BYTES = 256 * 1024;

/** A ledger entry with everything that is kept of it. @throws Refusal NOT_FOUND */
export function openExchange(db: ReadableDb, seq: number): Exchange {
  const entry = readEntry(db, seq);
  const line = db.prepare<[number], string>('SELECT line FROM entry WHERE seq = ?').pluck().get(seq);
  if (!entry || line === undefined) {
    throw new Refusal(
      'refused',
      'NOT_FOUND',
      `cannot show entry ${seq}: the ledger has none of that number.`,
    );
  }
  const { body, ...values } = entry.values;
  return {
    seq,
    at: entry.at,
    kind: entry.kind,
    hash: entry.hash,
    line,
    values,
    facts: entry.facts as unknown as Exchange['facts'],
    body: body === undefined ? null : openBody(db, seq, body, mediaTypeOf(entry)),
  };
}

function openBody(db: ReadableDb, seq: number, sha256: string, mediaType: string | null): Exchange['body'] {
  const bytes = bodyBytes(db, sha256);
  if (bytes === null) return null;
  const raw = bytes <= MOST_TEXT_BYTES ? readBody(db, sha256) : null;
  const text = raw === null ? null : asText(raw);
  const language = text === null ? 'binary' : languageOf(text);
  const ending = { json: 'json', xml: 'xml', text: 'txt', binary: 'bin' }[language];
  const type = mediaType ?? (language === 'json' ? 'application/json' : 'application/octet-stream');
  return {
    sha256,
    bytes,
    text,
    language,
    download: bodyBlob(sha256, bytes, `entry-${seq}.${type === 'image/png' ? 'png' : ending}`, type),
  };
}

function mediaTypeOf(entry: { kind: string; facts: unknown }): string | null {
  return entry.kind === 'capture' ? (entry.facts as { mediaType: string }).mediaType : null;
}

/** Null when the bytes are no UTF-8 text. */
function asText(raw: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(raw);
    return text.includes('\u0000') ? null : text;
  } catch {
    return null;
  }
}

function languageOf(text: string): 'json' | 'xml' | 'text' {
  const start = text.trimStart()[0];
  return start === '{' || start === '[' ? 'json' : start === '<' ? 'xml' : 'text';
}
