/** Wildcards of IAM: '*' is any text, '?' one character. Compiled once; policies repeat the same few patterns. */
const compiled = new Map<string, RegExp>();

export function matches(pattern: string, text: string, ignoreCase = false): boolean {
  if (pattern === '*') return true;
  const id = ignoreCase ? `i${pattern}` : `c${pattern}`;
  let expression = compiled.get(id);
  if (!expression) {
    if (compiled.size > 20_000) compiled.clear();
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.');
    expression = new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
    compiled.set(id, expression);
  }
  return expression.test(text);
}

export const asList = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
