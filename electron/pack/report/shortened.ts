/** Longest reason that is printed; the whole sentence is in data/6-tests/results.csv. */
const MOST_CHARACTERS = 320;

/** A reason as the report prints it: whole when it is short, else its beginning up to a word, and where the rest is. */
export function shortened(reason: string): string {
  if (reason.length <= MOST_CHARACTERS) return reason;
  const cut = reason.lastIndexOf(' ', MOST_CHARACTERS);
  return `${reason.slice(0, cut > 0 ? cut : MOST_CHARACTERS)} … (whole in data/6-tests/results.csv)`;
}
