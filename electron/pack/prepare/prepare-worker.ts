import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import type { ReadableDb } from '../../../db/handle.ts';
import { openReadable } from '../../../db/open.ts';
import { make } from '../files/recipe.ts';
import { deflateHere } from '../zip/deflate.ts';
import type { PreparedFile } from '../zip/writer.ts';
import type { Answer, Order } from './protocol.ts';

/* A worker thread that makes, hashes and deflates files of a pack, one at a time, each into a file of its own. */

const port = parentPort!;
let db: ReadableDb | undefined;

port.on('message', (order: Order | null) => {
  if (order === null) {
    db?.close();
    port.close();
    return;
  }
  let answer: Answer;
  try {
    db ??= openReadable(order.engagement);
    answer = { done: prepare(db, order) };
  } catch (error) {
    answer = { failed: (error as Error).message };
  }
  port.postMessage(answer);
});

function prepare(from: ReadableDb, { recipe, path }: Order): PreparedFile {
  const hash = createHash('sha256');
  const prepared = { path, bytes: 0, compressedBytes: 0, crc32: 0 };
  function* measured(): Generator<Buffer> {
    for (const piece of make(from, recipe)) {
      prepared.bytes += piece.length;
      prepared.crc32 = crc32(piece, prepared.crc32);
      hash.update(piece);
      yield piece;
    }
  }
  const file = openSync(path, 'wx', 0o600);
  try {
    for (const packed of deflateHere(measured())) {
      for (let at = 0; at < packed.length;) at += writeSync(file, packed, at);
      prepared.compressedBytes += packed.length;
    }
  } finally {
    closeSync(file);
  }
  return { ...prepared, sha256: hash.digest('hex') };
}
