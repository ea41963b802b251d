import type { ReadableDb } from '../../../db/handle.ts';
import { bodyChunks } from '../../../db/ledger/bodies.ts';
import { storedLines } from '../../../db/ledger/read.ts';
import { jsonLines } from './csv.ts';

/** The very lines that were hashed, one a line. */
export function* entryLines(db: ReadableDb, upTo: number): Generator<Buffer> {
  let text = '';
  for (const { seq, line } of storedLines(db)) {
    if (seq > upTo) break;
    text += `${line}\n`;
    if (text.length > 256 * 1024) {
      yield Buffer.from(text, 'utf8');
      text = '';
    }
  }
  yield Buffer.from(text, 'utf8');
}

/**
 * Salt and value of every sealed field that a pack of the entries up to there discloses: all but the secret behind the
 * tokens of redacted packs, and those in `withheld` (as `seq field`).
 */
export function* saltLines(
  db: ReadableDb,
  upTo: number,
  withheld: ReadonlySet<string> = new Set(),
): Generator<Buffer> {
  yield* jsonLines(salts(db, upTo, withheld));
}

function* salts(db: ReadableDb, upTo: number, withheld: ReadonlySet<string>) {
  const rows = db
    .prepare<[number], { seq: number; field: string; salt: Buffer; value: string }>(
      `SELECT seq, field, salt, value FROM disclosure
        WHERE seq <= ? AND seq NOT IN (SELECT seq FROM entry WHERE op = 'redaction.secret') ORDER BY seq, field`,
    )
    .iterate(upTo);
  for (const { seq, field, salt, value } of rows) {
    if (!withheld.has(`${seq} ${field}`)) yield { seq, field, salt: salt.toString('hex'), value };
  }
}

/** Bodies one after the other. */
export function* bodyBytes(db: ReadableDb, bodies: readonly string[]): Generator<Buffer> {
  for (const sha256 of bodies) yield* bodyChunks(db, sha256);
}
