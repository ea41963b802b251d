import type { Blob as FileAddress } from '../../electron/api/shared.ts';
import { EntryLink } from '../ledger/entry-link.tsx';
import { utcDay } from '../ui/format.ts';

/** The file behind a record, to save; "typed in" where there is none. */
export function FileLink({ file }: { file: FileAddress | null }) {
  if (file === null) return <span className="none">typed in</span>;
  return (
    <a href={file.url} download={file.name}>
      {file.name}
    </a>
  );
}

/** Who recorded something and when, and its ledger entry. */
export function RecordedBy({ by, at, seq }: { by: string; at: string; seq: number }) {
  return (
    <>
      {by}, {utcDay(at)} <EntryLink seq={seq} />
    </>
  );
}
