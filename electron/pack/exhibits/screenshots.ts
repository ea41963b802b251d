import type { ReadableDb } from '../../../db/handle.ts';
import { bodyChunks } from '../../../db/ledger/bodies.ts';
import { entries } from '../../../db/ledger/read.ts';
import { membersOf } from '../../engagement/view.ts';
import type { PackFile } from '../files/pack-file.ts';

/** Console screenshots of a snapshot, as recorded: named by ledger entry, key and view. */
export function screenshotFiles(db: ReadableDb, snapshot: string, upTo: number): PackFile[] {
  const files: PackFile[] = [];
  const members = membersOf(db, snapshot);
  for (const { seq, facts, values } of entries(db, 'capture')) {
    // Taken while one of its runs was looked at, alone or in a view.
    if (!membersOf(db, facts.snapshot).some((run) => members.includes(run))) continue;
    const body = values.body;
    if (seq > upTo || facts.mediaType !== 'image/png' || body === undefined) continue;
    const { key, view } = JSON.parse(values.about!) as { key: string; view: string };
    files.push({
      path: `data/1-key-configuration/screenshots/${seq}-${plain(key.split(/[/:]/).at(-1)!)}-${plain(view)}.png`,
      content: () => bodyChunks(db, body),
    });
  }
  return files;
}

const plain = (text: string): string => text.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 60);
