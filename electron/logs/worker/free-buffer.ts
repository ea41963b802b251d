/** Memory below this may be a pool that small buffers are cut from (Buffer.poolSize). */
const OWN_BYTES = 256 * 1024;

/**
 * Gives the memory of a buffer back at once, unless it may be a part of a pool. The collector sees only the small object in front of it and would
 * let tens of megabytes of read log files pile up in each thread. Nobody may use the buffer afterwards.
 */
export function freeBuffer(bytes: Uint8Array | Float64Array): void {
  const { buffer } = bytes;
  const own = bytes.byteLength === buffer.byteLength || buffer.byteLength >= OWN_BYTES;
  if (own && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
