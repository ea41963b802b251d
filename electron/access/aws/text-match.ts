/** Text matching as policies do it: `*` is any run of characters, `?` any single one, everything else is literal. */

const GLOBS = new Map<string, (text: string) => boolean>();
/** Keeps a hostile or very large set of documents from growing the cache without end. */
const MAX_CACHED = 50_000;

/** A case-sensitive matcher for a pattern. Linear backtracking over the last `*`: no pattern is slow. */
export function glob(pattern: string): (text: string) => boolean {
  const known = GLOBS.get(pattern);
  if (known) return known;
  const matcher = compile(pattern);
  if (GLOBS.size >= MAX_CACHED) GLOBS.clear();
  GLOBS.set(pattern, matcher);
  return matcher;
}

/** Private-use characters that stand for a character which must not act as a wildcard. */
const LITERAL = 0xe000;

/** The character in a form that `glob` compares but never expands. */
export const literally = (character: string): string =>
  String.fromCharCode(LITERAL + character.charCodeAt(0));

/** The text as it compares without wildcards. */
export const plainText = (text: string): string =>
  text.replace(/[\ue000-\ue07f]/g, (c) => String.fromCharCode(c.charCodeAt(0) - LITERAL));

export const hasWildcard = (text: string): boolean => /[*?]/.test(text);

function compile(pattern: string): (text: string) => boolean {
  if (/^\*+$/.test(pattern)) return () => true;
  const plain = plainText(pattern);
  if (!hasWildcard(pattern)) return (text) => text === plain;
  return (text) => {
    let p = 0;
    let t = 0;
    let star = -1;
    let resume = 0;
    while (t < text.length) {
      if (pattern[p] === '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length && (pattern[p] === '?' || plain[p] === text[t])) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (pattern[p] === '*') p++;
    return p === pattern.length;
  };
}
