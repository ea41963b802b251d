import type { InputOf } from '../../../electron/api/contract.ts';
import { jobResult } from '../../client/jobs.ts';
import { invoke } from '../../client/query.ts';
import { chooseFile } from '../../files/choose-file.ts';
import { errorWords } from '../../ui/error-words.ts';
import { counted } from '../../ui/format.ts';
import { notify } from '../../ui/toast.tsx';

type Wanted = Omit<InputOf<'keys.export'>, 'format' | 'path'>;

/** Asks where to, and writes the whole filtered table there. */
export async function exportKeys(wanted: Wanted, format: 'csv' | 'json'): Promise<void> {
  try {
    const paths = await chooseFile({
      kind: 'save',
      title: 'Save the keys',
      extensions: [format],
      suggested: `keys.${format}`,
    });
    if (!paths?.[0]) return;
    const { job } = await invoke('keys.export', { ...wanted, format, path: paths[0] });
    const { path, rows } = await jobResult<{ path: string; rows: number }>(job);
    notify(`Saved ${counted(rows, 'key')}`, path);
  } catch (error) {
    notify('Cannot save the keys', errorWords(error).message, 'failed');
  }
}
