import type { JsonObject } from '../cloudtrail/parse-record.ts';
import { asObject } from '../cloudtrail/parse-record.ts';

/** What stands in a record in place of a value that its device should have hashed. */
export const WITHHELD = 'withheld: the device wrote it in the clear (log_raw)';

const TOKEN = Buffer.from('"client_token":"');
const HASHED = Buffer.from('hmac-sha256:');
const DATA = Buffer.from('"data":{');
const QUOTE = 0x22;
const BRACE = 0x7b;

/**
 * A line that a device with log_raw wrote, without the secrets in it: every text that such devices otherwise hash (tokens,
 * parameters and answers: docs/audit#sensitive-information) is replaced, so that tokens, plaintexts and exported keys are
 * stored nowhere. Null for a line as it should be, which is kept as it is, and for one that is not JSON, which is not kept.
 */
export function withoutSecrets(line: Buffer): Buffer | null {
  if (!isInTheClear(line)) return null;
  const start = line.indexOf(BRACE);
  let entry: JsonObject;
  try {
    entry = asObject(JSON.parse(line.toString('utf8', start)));
  } catch {
    return null;
  }
  const before = JSON.stringify(entry);
  const [request, response] = [asObject(entry.request), asObject(entry.response)];
  const [wrap, given] = [asObject(response.wrap_info), asObject(response.auth)];
  for (const holder of [asObject(entry.auth), request, given]) hide(holder, ['client_token']);
  hide(wrap, ['token']);
  for (const holder of [request, response]) hide(holder, ['data', 'headers']);
  const after = JSON.stringify(entry);
  return after === before ? null : Buffer.concat([line.subarray(0, start), Buffer.from(after)]);
}

/** The first token of an entry is that of who asked; before a sign-in there is none, and only parameters tell. */
function isInTheClear(line: Buffer): boolean {
  const at = line.indexOf(TOKEN);
  if (at < 0) return line.includes(DATA) && !line.includes(HASHED);
  const value = at + TOKEN.length;
  return line[value] !== QUOTE && line.compare(HASHED, 0, HASHED.length, value, value + HASHED.length) !== 0;
}

function hide(holder: JsonObject, members: readonly string[]): void {
  for (const name of members) if (holder[name] !== undefined) holder[name] = hidden(holder[name]);
}

/** Texts are hashed at any depth; numbers and booleans never are. */
function hidden(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? '' : WITHHELD;
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, hidden(inner)]));
}
