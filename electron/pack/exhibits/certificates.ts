import { certificatePem } from '../../seal/trust.ts';
import type { PackFile } from '../files/pack-file.ts';

/** data/certificates/: roots (DER) as the commands of VERIFY.txt take them; no file without any. */
export function certificateFiles(name: string, roots: readonly Uint8Array[]): PackFile[] {
  if (roots.length === 0) return [];
  return [{ path: `data/certificates/${name}.pem`, content: () => roots.map(certificatePem).join('') }];
}
