import { count } from '../ui/format.ts';
import { shownEntry } from './shown-entry.ts';

/** Leads from a value to the ledger entry it was taken from. */
export function EntryLink({ seq }: { seq: number }) {
  return (
    <button
      type="button"
      className="entry-link"
      onClick={(event) => {
        event.stopPropagation();
        shownEntry.set(seq);
      }}
    >
      entry {count(seq)}
    </button>
  );
}

/** Links shown before the rest is only counted. */
const MOST = 6;

/** Links to all entries that something rests on. */
export function EntryLinks({ cites, most = MOST }: { cites: readonly number[]; most?: number }) {
  if (cites.length === 0) return <span className="none">no entry</span>;
  return (
    <span className="entry-links">
      {cites.slice(0, most).map((seq) => (
        <EntryLink seq={seq} key={seq} />
      ))}
      {cites.length > most && <span className="tiny muted">and {count(cites.length - most)} more</span>}
    </span>
  );
}
