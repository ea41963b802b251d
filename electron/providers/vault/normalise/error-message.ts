import type { Answer } from '../../../derive/answer.ts';
import { vaultErrorMessage } from '../../../recorder/vault-answers.ts';

/** The server's words about an error; null when it said nothing or the body is not kept. */
export function errorMessage(answer: Answer): string | null {
  try {
    return vaultErrorMessage(Buffer.from(JSON.stringify(answer.body())));
  } catch {
    return null;
  }
}
