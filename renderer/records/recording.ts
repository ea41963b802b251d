import { invalidateAll } from '../client/query.ts';
import { errorWords } from '../ui/error-words.ts';
import { notify } from '../ui/toast.tsx';

/** Does something for its effect; what fails is said in the engine's words. @returns whether it was done */
export async function attempt(failed: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    const { code, message } = errorWords(error);
    if (code !== 'CANCELLED') notify(failed, message, 'failed');
    return false;
  }
}

/** Makes a record: everything shown is asked again afterwards. @returns whether it was made */
export async function record(failed: string, make: () => Promise<void>): Promise<boolean> {
  const made = await attempt(failed, make);
  if (made) invalidateAll();
  return made;
}
