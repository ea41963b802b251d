import { Readable } from 'node:stream';
import type { BlobPiece } from '../engine/service/blobs.ts';
import type { EngineSupervisor } from './engine-supervisor.ts';

/** Opens what stands under a `/blob/` address: its facts, and its bytes piece by piece. @throws ApiError */
export async function openBlob(
  engine: EngineSupervisor,
  address: string,
): Promise<Omit<BlobPiece, 'data'> & { stream: Readable }> {
  const { data, ...facts } = await engine.readBlob(address, 0);
  return { ...facts, stream: Readable.from(pieces(engine, address, data, facts.bytes)) };
}

async function* pieces(
  engine: EngineSupervisor,
  address: string,
  first: Uint8Array,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  let sent = first.length;
  yield first;
  for (let piece = 1; sent < bytes; piece += 1) {
    const { data } = await engine.readBlob(address, piece);
    if (data.length === 0) throw new Error('cannot read on: the file is shorter than it was.');
    sent += data.length;
    yield data;
  }
}
