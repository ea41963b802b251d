/** A line longer than this belongs to no ledger file of ours; it must not fill the memory. */
const MOST_LINE_BYTES = 64 * 1024 * 1024;

/**
 * Lines of a file as it streams, without their line feed.
 *
 * @throws RangeError for a line beyond any that a pack has, or a last line without its line feed.
 */
export async function* lines(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    let from = 0;
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, from)) {
      const rest = piece.subarray(from, at);
      yield held.length === 0 ? rest : Buffer.concat([...held, rest]);
      held = [];
      bytes = 0;
      from = at + 1;
    }
    if (from < piece.length) {
      held.push(piece.subarray(from));
      bytes += piece.length - from;
      if (bytes > MOST_LINE_BYTES) throw new RangeError('a line is longer than any a pack has');
    }
  }
  if (bytes > 0) throw new RangeError('the last line is not ended');
}
