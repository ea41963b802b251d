/** Longest reason that is printed; the whole sentence is in data/6-tests/results.csv. */
const MOST_CHARACTERS = 320;

/** A reason as the report prints it: whole when it is short, else its beginning up to a word, and where the rest is. */
export function shortened(reason: string, most = MOST_CHARACTERS): string {
  if (reason.length <= most) return reason;
  const cut = reason.lastIndexOf(' ', most);
  return `${reason.slice(0, cut > 0 ? cut : most)} … (whole in data/6-tests/results.csv)`;
}

/** The beginning of a reason, up to a word, where a note beside it says what the dots stand for. */
export function cutShort(reason: string, most: number): string {
  if (reason.length <= most) return reason;
  const cut = reason.lastIndexOf(' ', most);
  return `${reason.slice(0, cut > 0 ? cut : most)} …`;
}
