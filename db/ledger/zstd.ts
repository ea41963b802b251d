import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Compresses to one zstd frame (RFC 8878). */
export function pack(raw: Uint8Array, level: number): Buffer {
  return zstdCompressSync(raw, { params: { [constants.ZSTD_c_compressionLevel]: level } });
}

/**
 * Opens one zstd frame of exactly `bytes` bytes. Nothing may follow the frame: what stands there would be kept and
 * hashed by nobody.
 *
 * @throws RangeError when it is longer, shorter or followed by something; a zlib error when it is damaged.
 */
export function unpack(packed: Uint8Array, bytes: number): Buffer {
  // With `info`, the result is the output and the engine that made it; the type declarations know only the output.
  const { buffer, engine } = zstdDecompressSync(packed, {
    maxOutputLength: Math.max(bytes, 1),
    // One piece of the right size: nothing to put together.
    chunkSize: Math.max(bytes + 1, 64),
    info: true,
  }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
  if (buffer.length !== bytes || engine.bytesWritten !== packed.length) {
    throw new RangeError('the compressed bytes are not one frame of the stated length');
  }
  return buffer;
}
