import { go } from '../client/route.ts';
import { Store } from '../client/store.ts';
import { invoke } from '../client/query.ts';
import { loadEngagement, saveSettings } from '../client/session.ts';
import { chooseFile } from '../files/choose-file.ts';
import { errorWords } from '../ui/error-words.ts';
import { notify } from '../ui/toast.tsx';
import { openFile } from './open-paths.ts';

/** Which of the window's own layers is open. */
export const layer = new Store<'palette' | 'shortcuts' | null>(null);

/** Does what a menu item, an accelerator or the palette names. */
export function runCommand(command: string): void {
  if (command.startsWith('go:')) {
    go(command.slice(3));
    return;
  }
  const act = commands[command];
  if (act) void act();
}

const commands: Record<string, () => void | Promise<void>> = {
  new: () => go('new'),
  open: chooseAndOpen,
  close: closeEngagement,
  palette: () => layer.set('palette'),
  shortcuts: () => layer.set('shortcuts'),
  verify: () => go('verify'),
  settings: () => go('settings'),
  'theme:light': () => saveSettings({ theme: 'light' }),
  'theme:dark': () => saveSettings({ theme: 'dark' }),
  'theme:system': () => saveSettings({ theme: 'system' }),
  'theme:contrast': () => saveSettings({ theme: 'contrast' }),
};

/** Asks for an engagement file and opens it. */
export async function chooseAndOpen(): Promise<void> {
  const paths = await chooseFile({ kind: 'open', title: 'Open an engagement', extensions: ['keywitness'] });
  if (paths?.[0]) await openFile(paths[0]);
}

export async function closeEngagement(): Promise<void> {
  try {
    await invoke('engagement.close', {});
    await loadEngagement();
    go('start');
  } catch (error) {
    notify('Cannot close the engagement', errorWords(error).message, 'failed');
  }
}
