import type { CaptureJobResult } from '../../api/capture.ts';
import { captureConsole, type CaptureOptions } from '../../capture/capture-console.ts';
import { consolePage } from '../../capture/console-pages.ts';
import { currentEngagement, currentSources } from '../../engagement/current.ts';
import type { JobEnd } from '../service/jobs.ts';
import { Refusal } from '../service/refusal.ts';
import { chosenSnapshot } from '../snapshot-choice.ts';
import type { Bench, Works } from './work.ts';

export const captureWorks: Works<'capture.start' | 'capture.signedIn'> = {
  'capture.start'(bench, input) {
    const { work } = bench.session;
    const snapshot = chosenSnapshot(work.db, input.snapshot).id;
    // Before the job: without a browser there is nothing to wait for.
    const camera = bench.camera();
    return bench.jobs.start(
      { kind: 'capture', title: 'Take console screenshots', exclusive: true },
      async ({ id, signal, step }): Promise<JobEnd> => {
        const { pageOf, signInAddress } = await consoleOf(bench);
        try {
          const result: CaptureJobResult = await captureConsole(work, {
            ...{
              snapshot,
              keys: input.keys,
              operator: input.operator,
              camera,
              pageOf,
              signInAddress,
              signal,
            },
            whenSignedIn: (source) => signedIn(bench, id, source, signal, step),
            onProgress: (done, of, key) => step(`picture: ${key}`, done, of),
          });
          return result.missed.length === 0 ? { result } : { result, state: 'done-with-gaps' };
        } finally {
          bench.session.changed();
        }
      },
    );
  },
  'capture.signedIn'({ signIns }, { job }) {
    const go = signIns.get(job);
    if (go) go();
    else {
      throw new Refusal(
        'refused',
        'NOT_FOUND',
        `cannot go on with job ${job}: it does not wait for a sign-in.`,
      );
    }
    return {};
  },
};

/** Where the console of each key is. The sample company's is a page of the sample environment. */
async function consoleOf(bench: Bench): Promise<Pick<CaptureOptions, 'pageOf' | 'signInAddress'>> {
  const { db } = bench.session;
  if (currentEngagement(db).sample) {
    const { consoleAddress } = await bench.sample();
    return {
      pageOf: (key) => {
        // Its Azure and its Vault have no pages.
        const page = key.provider === 'aws' ? consolePage(key, null) : null;
        return page && { ...page, url: `${consoleAddress}/key?id=${encodeURIComponent(key.id)}` };
      },
      signInAddress: (_key, { url }) =>
        Promise.resolve(
          `${consoleAddress}/sign-in?to=${encodeURIComponent(url.slice(consoleAddress.length))}`,
        ),
    };
  }
  const addresses = new Map(
    currentSources(db).flatMap((source) =>
      source.provider === 'vault' ? [[source.id, source.address] as const] : [],
    ),
  );
  return { pageOf: (key) => consolePage(key, addresses.get(key.source) ?? null) };
}

/** Waits until the operator says so; a cancelled capture does not wait. */
async function signedIn(
  { signIns }: Bench,
  job: string,
  source: string,
  signal: AbortSignal,
  step: (step: string) => void,
): Promise<void> {
  const said = Promise.withResolvers<void>();
  const stop = () => said.reject(signal.reason as Error);
  signIns.set(job, said.resolve);
  signal.addEventListener('abort', stop, { once: true });
  try {
    step(`sign-in: ${source}`);
    if (signal.aborted) stop();
    await said.promise;
  } finally {
    signIns.delete(job);
    signal.removeEventListener('abort', stop);
  }
}
