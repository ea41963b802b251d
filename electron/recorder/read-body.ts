import type { Readable } from 'node:stream';

/** Largest body kept whole, bytes. No operation of class `full` comes near it; what does is refused, not truncated. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** An error answer is small; more than this is not kept. */
export const MAX_ERROR_BYTES = 1024 * 1024;

/** Thrown when an answer is larger than may be kept. */
export class BodyTooLarge extends Error {
  readonly limit: number;
  constructor(limit: number) {
    super(`the answer is larger than ${limit} bytes`);
    this.name = 'BodyTooLarge';
    this.limit = limit;
  }
}

/** Reads a stream to its end. @throws BodyTooLarge, and whatever the stream throws when it is cut. */
export async function readBody(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) {
      stream.destroy();
      throw new BodyTooLarge(limit);
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes);
}
