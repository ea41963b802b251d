import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** Folders that programs keep in step with a cloud while a file in them is open. */
const SYNCHRONISED =
  /[\\/](OneDrive[^\\/]*|Dropbox[^\\/]*|Google ?Drive|iCloud ?Drive|Mobile Documents|Nextcloud|Box)[\\/]/i;

/** File system types of network shares in statfs(2) of Linux: NFS, SMB, SMB2. */
const NETWORK = new Set([0x6969, 0xff534d42, 0xfe534d42, 0x517b]);

/** What is unwise about keeping an engagement file here; null when nothing is. */
export function placeWarning(file: string): string | null {
  const synchronised = SYNCHRONISED.exec(file)?.[1];
  if (synchronised) {
    return `The file lies in ${synchronised}: a program that synchronises it while it is open can spoil it, and copies evidence elsewhere. Keep it in a folder of this computer.`;
  }
  if (/^(\\\\|\/\/)/.test(file) || isNetwork(dirname(file))) {
    return 'The file lies on a network share: locks may not hold there, and two programs could spoil it. Keep it in a folder of this computer.';
  }
  return null;
}

function isNetwork(folder: string): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return NETWORK.has(statfsSync(folder).type);
  } catch {
    return false;
  }
}
