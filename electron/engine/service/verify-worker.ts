import { parentPort, workerData } from 'node:worker_threads';
import type { ApiErrorShape } from '../../api/error.ts';
import { verifyFile } from '../../verify/verify-file.ts';
import { failureOf } from './failure.ts';

/** What the thread answers once: a Verification as JSON text, or why there is none. */
export type VerifyReply = { result: string } | { failure: ApiErrorShape };

const { path, trusted } = workerData as { path: string; trusted: Uint8Array[] };
const reply = (message: VerifyReply) => parentPort!.postMessage(message);
try {
  reply({ result: JSON.stringify(await verifyFile(path, { trusted })) });
} catch (error) {
  reply({ failure: failureOf(error) });
}
