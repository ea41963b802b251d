import { constants, crc32, createInflateRaw, type InflateRaw } from 'node:zlib';
import { freeBuffer } from './free-buffer.ts';

/** Compressed bytes handed to zlib at a time; fixed, so that damage cuts at the same place however bytes arrive. */
const PIECE_BYTES = 32 * 1024;
/** Size of the pieces that come out. */
const CONTENT_BYTES = 512 * 1024;

/** Streaming inflation of gzip data (RFC 1952), member after member, with back-pressure. */
export interface GunzipStream {
  write(chunk: Buffer): Promise<void>;
  /** Resolves with what is wrong with the compressed bytes and where, or null. */
  end(): Promise<string | null>;
}

/**
 * Inflates gzip data and hands every byte that inflates to `take`, also when the data are cut off, fail their check sum
 * or are followed by something else. Node's own gunzip drops what it has at hand when it meets an error.
 */
export function newGunzipStream(take: (content: Buffer) => void): GunzipStream {
  let state: 'header' | 'body' | 'trailer' | 'broken' = 'header';
  let pending: Buffer = Buffer.alloc(0);
  /** Position in the file of the first pending byte. */
  let position = 0;
  let members = 0;
  let defect: string | null = null;
  let member: Member | null = null;

  const consume = (bytes: number): void => {
    pending = pending.subarray(bytes);
    position += bytes;
  };
  const broken = (why: string, at = position): void => {
    defect = `${why}, at byte ${at}`;
    state = 'broken';
    member?.close();
  };

  async function advance(final: boolean): Promise<void> {
    for (;;) {
      if (state === 'header') {
        if (pending.length === 0) return;
        const length = headerLength(pending);
        if (length === 0 && !final && pending.length < PIECE_BYTES) return;
        if (length <= 0) {
          return broken(
            members > 0
              ? 'bytes follow after the end of the gzip data'
              : length < 0
                ? 'the gzip header is malformed'
                : 'the gzip data is cut off',
          );
        }
        consume(length);
        member = openMember(take);
        state = 'body';
      } else if (state === 'body') {
        if (pending.length < PIECE_BYTES && !final) return;
        const piece = pending.subarray(0, PIECE_BYTES);
        if (piece.length === 0) return broken('the gzip data is cut off');
        const used = await member!.write(piece);
        if (member!.failure !== null)
          return broken(`the gzip data is damaged (${member!.failure}) in the 32 KiB`, position);
        consume(used);
        if (member!.ended) state = 'trailer';
      } else if (state === 'trailer') {
        if (pending.length < 8) return final ? broken('the gzip data is cut off') : undefined;
        const matches = pending.readUInt32LE(0) === member!.crc && pending.readUInt32LE(4) === member!.size;
        member!.close();
        if (!matches) return broken('the gzip data fails its check sum');
        consume(8);
        members += 1;
        state = 'header';
      } else return;
    }
  }

  return {
    async write(chunk) {
      if (state === 'broken') return;
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      await advance(false);
    },
    async end() {
      if (state !== 'broken') await advance(true);
      return defect;
    },
  };
}

interface Member {
  /** Gives bytes to the member; resolves with how many of them it took. */
  write(piece: Buffer): Promise<number>;
  readonly ended: boolean;
  readonly failure: string | null;
  /** CRC-32 and length modulo 2³² of what came out. */
  readonly crc: number;
  readonly size: number;
  close(): void;
}

function openMember(take: (content: Buffer) => void): Member {
  // Z_SYNC_FLUSH: data that are cut off still give everything that came before.
  const inflate: InflateRaw = createInflateRaw({
    chunkSize: CONTENT_BYTES,
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  const state = { ended: false, failure: null as string | null, crc: 0, size: 0 };
  let wake: (() => void) | null = null;
  inflate.on('data', (content: Buffer) => {
    state.crc = crc32(content, state.crc);
    state.size = (state.size + content.length) % 0x1_0000_0000;
    take(content);
    // zlib goes on in a new piece of memory once one is full; until then the rest of it is still to be written.
    if (content.byteOffset + content.byteLength === content.buffer.byteLength) freeBuffer(content);
  });
  inflate.on('end', () => {
    state.ended = true;
    wake?.();
  });
  inflate.on('error', (error) => {
    state.failure = error.message;
    wake?.();
  });
  return {
    write(piece) {
      const before = inflate.bytesWritten;
      return new Promise((resolve) => {
        wake = () => resolve(inflate.bytesWritten - before);
        // After the last block zlib takes no more and the stream ends; then the call back may not come.
        inflate.write(piece, () => {
          if (inflate.bytesWritten - before === piece.length) wake?.();
        });
      });
    },
    get ended() {
      return state.ended;
    },
    get failure() {
      return state.failure;
    },
    get crc() {
      return state.crc;
    },
    get size() {
      return state.size;
    },
    close: () => inflate.destroy(),
  };
}

/** Length of the member header at the start (RFC 1952 §2.3); 0 when more bytes are needed, -1 when it is none. */
function headerLength(bytes: Buffer): number {
  const magic = [0x1f, 0x8b, 8];
  for (const [i, byte] of magic.entries()) if (i < bytes.length && bytes[i] !== byte) return -1;
  if (bytes.length < 10) return 0;
  const flags = bytes[3]!;
  let at = 10;
  if (flags & 4) {
    if (bytes.length < at + 2) return 0;
    at += 2 + bytes.readUInt16LE(at);
  }
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    const zero = bytes.indexOf(0, at);
    if (zero < 0) return 0;
    at = zero + 1;
  }
  if (flags & 2) at += 2;
  return at <= bytes.length ? at : 0;
}
