/** Bookmarks (ISO 32000-1, 12.3.3). */
import type { PdfFileWriter } from './file-writer.ts';
import { ref, textString, type ObjectId } from './syntax.ts';

export interface Bookmark {
  level: number;
  title: string;
  anchor: string;
}

interface Node extends Bookmark {
  id: ObjectId;
  kids: Node[];
}

/** Writes the outline tree; the first level is open, the rest closed. Gives its root, or nothing when empty. */
export function writeOutline(
  file: PdfFileWriter,
  bookmarks: readonly Bookmark[],
  destination: (anchor: string) => string,
): ObjectId | undefined {
  if (bookmarks.length === 0) return undefined;
  const root: Node = { level: 0, title: '', anchor: '', id: file.reserve(), kids: [] };
  const path: Node[] = [root];
  for (const bookmark of bookmarks) {
    while (path.length > 1 && (path.at(-1)?.level ?? 0) >= bookmark.level) path.pop();
    const node: Node = { ...bookmark, id: file.reserve(), kids: [] };
    path.at(-1)?.kids.push(node);
    path.push(node);
  }
  const ends = (node: Node): string => {
    const [first, last] = [node.kids[0], node.kids.at(-1)];
    return first && last ? `/First ${ref(first.id)}/Last ${ref(last.id)}` : '';
  };
  const write = (node: Node, parent: Node, i: number): void => {
    const [before, after] = [parent.kids[i - 1], parent.kids[i + 1]];
    const siblings = `${before ? `/Prev ${ref(before.id)}` : ''}${after ? `/Next ${ref(after.id)}` : ''}`;
    const count = node.kids.length > 0 ? `/Count -${node.kids.length}` : '';
    file.put(
      node.id,
      `<</Title ${textString(node.title)}/Parent ${ref(parent.id)}${siblings}${ends(node)}${count}/Dest${destination(node.anchor)}>>`,
    );
    node.kids.forEach((kid, k) => write(kid, node, k));
  };
  root.kids.forEach((kid, i) => write(kid, root, i));
  file.put(root.id, `<</Type/Outlines${ends(root)}/Count ${root.kids.length}>>`);
  return root.id;
}
