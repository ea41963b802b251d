import { XMLParser } from 'fast-xml-parser';

/** Members that say nothing about what was asked: request ids, and tokens that name the next page. */
const VOLATILE =
  /^(RequestId|requestId|request_id|ResponseMetadata|NextMarker|NextToken|nextToken|Marker|NextContinuationToken|ContinuationToken|nextLink|lease_duration|ttl|expire_time)$/;

/** Most places named; the bodies themselves are in the ledgers. */
const MOST_PLACES = 20;

/**
 * Where two answers differ, as paths into them; null when one of them cannot be read as JSON or XML. An empty list: they
 * say the same.
 */
export function differences(before: Buffer, after: Buffer): string[] | null {
  const [a, b] = [parsed(before), parsed(after)];
  if (a === undefined || b === undefined) return before.equals(after) ? [] : null;
  const found: string[] = [];
  compare(a, b, '', found);
  return found;
}

function parsed(body: Buffer): unknown {
  const text = body.toString('utf8').trimStart();
  try {
    if (text.startsWith('<'))
      return new XMLParser({ ignoreAttributes: true, parseTagValue: false }).parse(text) as unknown;
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function compare(a: unknown, b: unknown, path: string, found: string[]): void {
  if (found.length > MOST_PLACES) return;
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b, path, found);
  if (isObject(a) && isObject(b)) {
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      if (!VOLATILE.test(name)) compare(a[name], b[name], `${path}/${name}`, found);
    }
    return;
  }
  if (JSON.stringify(a) !== JSON.stringify(b)) found.push(path === '' ? '/' : path);
}

/** Lists are compared by what is in them: providers give no order. What differs is named by its place before. */
function compareLists(a: readonly unknown[], b: readonly unknown[], path: string, found: string[]): void {
  const left = Map.groupBy(b, (item) => JSON.stringify(item));
  const gone = a.map((item, i) => ({ item, i })).filter(({ item }) => !take(left, JSON.stringify(item)));
  const come = [...left.values()].flat();
  for (const [n, { item, i }] of gone.entries()) {
    if (n < come.length) compare(item, come[n], `${path}/${i}`, found);
    else found.push(`${path}/${i} (gone)`);
  }
  for (let n = gone.length; n < come.length; n += 1) found.push(`${path} (added)`);
}

function take(left: Map<string, unknown[]>, text: string): boolean {
  const same = left.get(text);
  if (!same || same.length === 0) return false;
  same.pop();
  return true;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
