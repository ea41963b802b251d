import type { Answer } from '../../../derive/answer.ts';
import { asObject, text } from './wire.ts';

/** What the provider said about an error, from its body; null when it said nothing or the body is not kept. */
export function errorMessage(answer: Answer): string | null {
  try {
    const body = answer.body();
    const error = asObject(asObject(body.ErrorResponse).Error ?? body.Error);
    return text(error.Message) ?? text(body.message) ?? text(body.Message);
  } catch {
    // An error page of a proxy, for example: the exchange still counts, with its status and code.
    return null;
  }
}
