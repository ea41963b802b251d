import { open, type FileHandle } from 'node:fs/promises';
import type { ExchangeFacts } from '../../../db/ledger/entry.ts';
import { openEntry } from '../../verify/container/read-entry.ts';
import { readDirectory } from '../../verify/container/read-directory.ts';
import { lines } from '../../verify/pack/lines.ts';
import type { ZipEntry } from '../../pack/zip/format.ts';
import { ReviewError } from '../error.ts';

/** An exchange as a pack holds it. */
export interface PackedExchange {
  seq: number;
  facts: ExchangeFacts;
  /** What was asked; null when the pack withholds it. */
  params: Record<string, unknown> | null;
  /** SHA-256 of the body, hex; null when none was kept. */
  body: string | null;
}

/** A declaration as a pack holds it: `value` is what was declared, by whom beside it. */
export interface PackedDeclaration {
  seq: number;
  what: string;
  subject: string;
  value: unknown;
}

/** What a pack's ledger says about what was asked. */
export interface PackedLedger {
  exchanges: PackedExchange[];
  declarations: PackedDeclaration[];
  packId: string;
  /** Snapshot the pack is of. */
  snapshot: string;
}

/** Reads exchanges and declarations out of a pack. The pack must have been verified before. @throws ReviewError BAD_FILE */
export async function readPackedLedger(path: string): Promise<PackedLedger> {
  return withPack(path, async (file, entries) => {
    const values = new Map<number, Record<string, string>>();
    for await (const line of linesOf(file, entries, 'data/ledger/salts.jsonl', path)) {
      const { seq, field, value } = JSON.parse(line.toString('utf8')) as {
        seq: number;
        field: string;
        value: string;
      };
      if (!['params', 'body', 'value'].includes(field)) continue;
      const known = values.get(seq) ?? {};
      values.set(seq, known);
      known[field] = value;
    }
    const exchanges: PackedExchange[] = [];
    const declarations: PackedDeclaration[] = [];
    for await (const line of linesOf(file, entries, 'data/ledger/entries.jsonl', path)) {
      const entry = JSON.parse(line.toString('utf8')) as {
        seq: number;
        kind: string;
        facts: ExchangeFacts & { what: string; subject: string };
      };
      const opened = values.get(entry.seq) ?? {};
      if (entry.kind === 'exchange') {
        const params =
          opened.params === undefined ? null : (JSON.parse(opened.params) as Record<string, unknown>);
        exchanges.push({ seq: entry.seq, facts: entry.facts, params, body: opened.body ?? null });
      } else if (entry.kind === 'declaration' && opened.value !== undefined) {
        const { value } = JSON.parse(opened.value) as { value: unknown };
        declarations.push({ seq: entry.seq, what: entry.facts.what, subject: entry.facts.subject, value });
      }
    }
    let index = '';
    for await (const line of linesOf(file, entries, 'data/pack.json', path)) index += line.toString('utf8');
    const { packId, snapshot } = JSON.parse(index) as { packId: string; snapshot: { id: string } };
    return { exchanges, declarations, packId, snapshot: snapshot.id };
  });
}

/** Reads some bodies out of a pack in one pass over its bundles. */
export async function readPackedBodies(
  path: string,
  wanted: ReadonlySet<string>,
): Promise<Map<string, Buffer>> {
  if (wanted.size === 0) return new Map();
  return withPack(path, async (file, entries) => {
    const byBundle = new Map<string, { sha256: string; offset: number; length: number }[]>();
    for await (const line of linesOf(file, entries, 'data/ledger/bodies.csv', path)) {
      const [sha256, bundle, offset, length] = line.toString('utf8').trimEnd().split(',') as [
        string,
        string,
        string,
        string,
      ];
      if (!wanted.has(sha256)) continue;
      byBundle.set(bundle, [
        ...(byBundle.get(bundle) ?? []),
        { sha256, offset: Number(offset), length: Number(length) },
      ]);
    }
    const bodies = new Map<string, Buffer>();
    for (const [bundle, places] of byBundle) {
      const pieces = openEntry(file, entryNamed(entries, `data/ledger/${bundle}`, path)).pieces;
      const waiting = places.map((place) => ({ ...place, parts: [] as Buffer[] }));
      let at = 0;
      for await (const piece of pieces) {
        for (const place of waiting) {
          const [from, to] = [
            Math.max(place.offset, at),
            Math.min(place.offset + place.length, at + piece.length),
          ];
          if (from < to) place.parts.push(Buffer.from(piece.subarray(from - at, to - at)));
        }
        at += piece.length;
      }
      for (const { sha256, parts } of waiting) bodies.set(sha256, Buffer.concat(parts));
    }
    return bodies;
  });
}

async function withPack<T>(
  path: string,
  work: (file: FileHandle, entries: readonly ZipEntry[]) => Promise<T>,
): Promise<T> {
  const file = await open(path, 'r');
  try {
    const { entries } = await readDirectory(file);
    return await work(file, entries);
  } finally {
    await file.close();
  }
}

function entryNamed(entries: readonly ZipEntry[], name: string, path: string): ZipEntry {
  const entry = entries.find((e) => e.name === name);
  if (entry) return entry;
  throw new ReviewError('BAD_FILE', `cannot re-perform ${path}: the pack holds no ${name}.`);
}

/** Lines of a file of the pack; the last one may lack its line feed (JSON). */
async function* linesOf(
  file: FileHandle,
  entries: readonly ZipEntry[],
  name: string,
  path: string,
): AsyncGenerator<Buffer> {
  const { pieces } = openEntry(file, entryNamed(entries, name, path));
  yield* lines(pieces);
}
