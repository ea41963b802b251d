import { client } from '../client/client.ts';
import { invoke } from '../client/query.ts';
import { go } from '../client/route.ts';
import { loadEngagement, openEngagement } from '../client/session.ts';
import { verifyPack } from '../screens/verify/verification.ts';
import { errorWords } from '../ui/error-words.ts';
import { notify } from '../ui/toast.tsx';

/** Opens an engagement file and shows it. A refusal is said in the engine's words. @returns whether it is open. */
export async function openFile(file: string): Promise<boolean> {
  try {
    const open = await invoke('engagement.open', { file });
    await loadEngagement();
    if (open.readOnly !== null) notify('Opened for reading only', open.readOnly);
    go(open.snapshots.length > 0 ? 'tests' : open.sources.length > 0 ? 'collect' : 'engagement');
    return true;
  } catch (error) {
    notify('Cannot open this file', errorWords(error).message, 'failed');
    return false;
  }
}

/** Does with a file or folder what it is for: opens an engagement, verifies a pack, offers the rest for import. */
export async function openPath(path: string): Promise<void> {
  try {
    const { kind } = await invoke('files.kind', { path });
    if (kind === 'engagement') await openFile(path);
    else if (kind === 'pack') await verifyPack(path);
    else if (kind === 'missing') notify('Cannot open this file', `There is no file ${path}.`, 'failed');
    else if (openEngagement.get()) go('sources', { import: path });
    else {
      notify(
        'Cannot use this file yet',
        'It is neither an engagement nor a pack. Open an engagement first; then it can be imported as evidence.',
        'failed',
      );
    }
  } catch (error) {
    notify('Cannot open this file', errorWords(error).message, 'failed');
  }
}

/** Takes files that were opened by double click, argument or drop on the icon. */
export async function takeOpened(): Promise<void> {
  const { paths } = await invoke('host.takeOpened', {});
  for (const path of paths) await openPath(path);
}

/** Paths of files dropped on the window. */
export async function pathsOf(files: Iterable<File>): Promise<string[]> {
  const paths: string[] = [];
  for (const file of files) paths.push(await client().pathOf(file));
  return paths;
}
