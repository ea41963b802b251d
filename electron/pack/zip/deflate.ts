import { constants, deflateRaw, deflateRawSync } from 'node:zlib';

/** Raw bytes per block. A block is also what the next one uses as its dictionary. */
const BLOCK_BYTES = 1024 * 1024;
/** Deflate looks back 32 KiB (RFC 1951 §2); the block before ends with what this one may refer to. */
const WINDOW_BYTES = 32 * 1024;
/** Output that zlib asks memory for at a time: most blocks then need one or two pieces. */
const CHUNK_BYTES = 128 * 1024;
/** Blocks compressed at a time: enough for two cores without holding much. */
const IN_FLIGHT = 4;
/**
 * Validators call an entry beyond 100:1 a zip bomb. A block beyond this ratio is written uncompressed inside the
 * deflate stream, so no entry can reach 90:1.
 */
const HIGHEST_RATIO = 80;

/** Level 1: evidence is mostly JSON, where higher levels cost several times the time for a tenth of the size. */
export const LEVEL = 1;

/**
 * Compresses a stream into one valid raw deflate stream, blocks in parallel on zlib's own threads (as pigz does).
 * Equal input gives equal output, whatever the size of the pieces it arrives in.
 */
export async function* deflateParallel(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const running: Promise<Buffer>[] = [];
  let window: Buffer | undefined;
  let held: Buffer | undefined;
  for await (const block of blocks(source)) {
    if (held) {
      running.push(deflateBlock(held, window, false));
      window = held.subarray(Math.max(0, held.length - WINDOW_BYTES));
    }
    held = block;
    if (running.length >= IN_FLIGHT) yield await running.shift()!;
  }
  running.push(deflateBlock(held ?? Buffer.alloc(0), window, true));
  for (const block of running) yield await block;
}

/**
 * The same stream, made on the calling thread alone: for worker threads, which are several themselves. A piece that is
 * given is good until the next is asked for.
 */
export function* deflateHere(source: Iterable<Uint8Array>): Generator<Buffer> {
  // Two blocks, in turn: the one that is filled, and the one before it, which is its dictionary.
  const room = [Buffer.allocUnsafe(BLOCK_BYTES), Buffer.allocUnsafe(BLOCK_BYTES)] as const;
  let [filled, at] = [0, 0];
  let window: Buffer | undefined;
  let held: Buffer | undefined;
  const put = function* (block: Buffer): Generator<Buffer> {
    if (held) {
      yield deflateBlockHere(held, window, false);
      window = Buffer.from(held.subarray(Math.max(0, held.length - WINDOW_BYTES)));
    }
    held = block;
  };
  for (let piece of source) {
    while (piece.length > 0) {
      const taken = Math.min(piece.length, BLOCK_BYTES - at);
      room[filled as 0 | 1].set(piece.subarray(0, taken), at);
      piece = piece.subarray(taken);
      at += taken;
      if (at < BLOCK_BYTES) continue;
      yield* put(room[filled as 0 | 1]);
      [filled, at] = [1 - filled, 0];
    }
  }
  if (at > 0) yield* put(room[filled as 0 | 1].subarray(0, at));
  yield deflateBlockHere(held ?? Buffer.alloc(0), window, true);
}

function deflateBlock(block: Buffer, dictionary: Buffer | undefined, last: boolean): Promise<Buffer> {
  const options = optionsOf(dictionary, last);
  return new Promise((resolve, reject) => {
    deflateRaw(block, options, (error, packed) => {
      if (error) reject(error);
      else resolve(withinRatio(block, packed, options));
    });
  });
}

function deflateBlockHere(block: Buffer, dictionary: Buffer | undefined, last: boolean): Buffer {
  const options = optionsOf(dictionary, last);
  return withinRatio(block, deflateRawSync(block, options), options);
}

function optionsOf(dictionary: Buffer | undefined, last: boolean) {
  return {
    level: LEVEL,
    // A sync flush ends a block on a byte boundary, so that blocks can be put one after the other.
    finishFlush: last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
    chunkSize: CHUNK_BYTES,
    ...(dictionary ? { dictionary } : {}),
  };
}

function withinRatio(block: Buffer, packed: Buffer, options: ReturnType<typeof optionsOf>): Buffer {
  if (block.length <= packed.length * HIGHEST_RATIO) return packed;
  return deflateRawSync(block, { ...options, level: 0 });
}

/** Cuts or joins what arrives into blocks of one size, so that the output does not depend on how it arrived. */
async function* blocks(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for await (let piece of source) {
    while (bytes + piece.length >= BLOCK_BYTES) {
      const cut = BLOCK_BYTES - bytes;
      yield Buffer.concat([...parts, piece.subarray(0, cut)]);
      piece = piece.subarray(cut);
      parts = [];
      bytes = 0;
    }
    if (piece.length > 0) {
      parts.push(piece);
      bytes += piece.length;
    }
  }
  if (bytes > 0) yield Buffer.concat(parts);
}
