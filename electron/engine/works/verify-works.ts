import { Worker } from 'node:worker_threads';
import type { VerifyReply } from '../service/verify-worker.ts';
import type { JobHandle, JobEnd } from '../service/jobs.ts';
import { ApiError } from '../../api/error.ts';
import { certificatesIn } from '../service/sealers.ts';
import type { Works } from './work.ts';

export const verifyWorks: Works<'verify.run'> = {
  'verify.run'(bench, { path, trust }) {
    const sample = bench.openSample();
    const trusted = [
      ...certificatesIn([...trust, ...bench.settings.value.trust]),
      ...(sample ? [sample.tsa.caDer] : []),
    ];
    return bench.jobs.start({ kind: 'verify', title: `Verify ${path}` }, (job) =>
      verifyInThread(job, path, trusted),
    );
  },
};

/** Verification hashes everything: in a thread of its own, which cancelling ends. */
function verifyInThread({ signal, step }: JobHandle, path: string, trusted: Uint8Array[]): Promise<JobEnd> {
  step('Checking every file, hash, signature and time');
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('../service/verify-worker.ts', import.meta.url), {
      workerData: { path, trusted },
    });
    const stop = () => {
      void worker.terminate();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
    worker.once('message', (reply: VerifyReply) => {
      signal.removeEventListener('abort', stop);
      if ('failure' in reply) reject(new ApiError(reply.failure));
      else resolve({ result: JSON.parse(reply.result) as JobEnd['result'] });
    });
    worker.once('error', reject);
    worker.once('exit', () =>
      reject(new Error('cannot verify: the thread ended before it answered. Try again.')),
    );
  });
}
