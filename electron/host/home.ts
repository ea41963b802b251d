import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folder of settings where Electron does not name one: as the operating system's own conventions have it. */
export function homeFolder(): string {
  const given = process.env.KEYWITNESS_HOME;
  if (given) return given;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Keywitness');
  if (process.platform === 'win32') {
    return join(process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Keywitness');
  }
  return join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'Keywitness');
}
