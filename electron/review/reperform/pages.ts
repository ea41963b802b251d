/** Parameter that asks for the next page, and where the page before names it. */
const TOKENS: Readonly<Record<string, readonly string[]>> = {
  Marker: ['NextMarker', 'Marker'],
  NextToken: ['NextToken'],
  nextToken: ['nextToken'],
  ContinuationToken: ['NextContinuationToken'],
  page: ['next', 'nextLink'],
};

/** The parameter that makes a question one for a later page; null for a first page. */
export function tokenOf(params: Record<string, unknown>): string | null {
  return Object.keys(TOKENS).find((name) => typeof params[name] === 'string') ?? null;
}

/** The same question without its page: pages of one list have it in common. */
export function withoutToken(params: Record<string, unknown>): Record<string, unknown> {
  const token = tokenOf(params);
  return Object.fromEntries(Object.entries(params).filter(([name]) => name !== token));
}

/** The token of the next page that an answer names; null when it was the last page. */
export function nextToken(parameter: string, output: unknown): string | null {
  if (typeof output !== 'object' || output === null) return null;
  for (const name of TOKENS[parameter] ?? []) {
    const value = (output as Record<string, unknown>)[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}
