import type { Answer } from '../../../derive/answer.ts';
import { asObject, text } from '../../aws/normalise/wire.ts';

/** The provider's own words about an error; null when it said nothing. */
export function vaultErrorMessage(answer: Answer): string | null {
  if (answer.status === 'ok') return null;
  const body = answer.body();
  const message =
    text(asObject(body.error).message) ?? text(body.error_description) ?? text(asObject(body.Error).Message);
  return message?.replace(/\s+/g, ' ').trim() ?? null;
}
