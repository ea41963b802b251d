/** A line of a text that was compared with another. */
export interface DiffLine {
  side: 'both' | 'before' | 'after';
  text: string;
}

/** Two texts line by line: the longest run of common lines stays, the rest is taken off or added. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  // Length of the longest common run of lines from each pair of places to the end.
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i]![j] =
        a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ side: 'both', text: a[i]! });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push({ side: 'before', text: a[i]! });
      i += 1;
    } else {
      lines.push({ side: 'after', text: b[j]! });
      j += 1;
    }
  }
  return lines;
}
