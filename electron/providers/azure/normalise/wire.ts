import type { Answer, Json, JsonObject } from '../../../derive/answer.ts';
import { asObject, parseBody, text } from '../../aws/normalise/wire.ts';

/** Parses a body. A bare list, as the Azure CLI saves one, stands in `value` as the API has it. @throws when it is neither JSON nor XML. */
export function parseAzureBody(body: Uint8Array): JsonObject {
  const start = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 64)).toString('utf8');
  if (!/^\uFEFF?\s*[[{]/.test(start)) return parseBody(body);
  const value = JSON.parse(
    Buffer.from(body)
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
  ) as Json;
  return Array.isArray(value) ? { value } : asObject(value);
}

/** The provider's own words about an error; null when it said nothing. */
export function vaultErrorMessage(answer: Answer): string | null {
  if (answer.status === 'ok') return null;
  const body = answer.body();
  const message =
    text(asObject(body.error).message) ?? text(body.error_description) ?? text(asObject(body.Error).Message);
  return message?.replace(/\s+/g, ' ').trim() ?? null;
}
