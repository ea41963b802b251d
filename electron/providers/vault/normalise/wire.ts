import type { Answer, JsonObject } from '../../../derive/answer.ts';
import { asObject } from '../../aws/normalise/wire.ts';

export { asObject, moment, text, whole } from '../../aws/normalise/wire.ts';

/** Parses a body as kept. @throws SyntaxError when it is not JSON */
export function parseVaultBody(body: Uint8Array): JsonObject {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8');
  return text.trim() === '' ? {} : asObject(JSON.parse(text) as JsonObject);
}

/** `data` of an answer; empty when there is none. */
export function dataOf(answer: Answer): JsonObject {
  return answer.status === 'ok' ? asObject(answer.body().data) : {};
}

/** Path that was asked, within its namespace. */
export function pathOf(answer: Answer): string {
  const { path } = answer.params();
  return typeof path === 'string' ? path : '';
}

/** `keys` of a list. */
export function listed(answer: Answer): string[] {
  const { keys } = dataOf(answer);
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
}
