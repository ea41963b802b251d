import type { VerificationResult } from '../../../electron/api/verify.ts';
import { jobResult } from '../../client/jobs.ts';
import { invoke } from '../../client/query.ts';
import { go } from '../../client/route.ts';
import { Store } from '../../client/store.ts';

/** Where the verification of a pack stands. */
export type VerificationState =
  | { at: 'none' }
  | { at: 'running'; path: string; job: string | null }
  | { at: 'failed'; path: string; error: unknown }
  | { at: 'done'; path: string; result: VerificationResult; checked: string };

/** The last verification; it stays while other screens are looked at. */
export const verification = new Store<VerificationState>({ at: 'none' });

/** Shows the screen and checks a pack there. `trust` is a certificate file to trust besides those of the settings. */
export async function verifyPack(path: string, trust = ''): Promise<void> {
  go('verify');
  verification.set({ at: 'running', path, job: null });
  try {
    const { job } = await invoke('verify.run', { path, trust: trust.trim() === '' ? [] : [trust.trim()] });
    verification.set({ at: 'running', path, job });
    const result = await jobResult<VerificationResult>(job);
    verification.set({ at: 'done', path, result, checked: new Date().toISOString() });
  } catch (error) {
    verification.set({ at: 'failed', path, error });
  }
}
