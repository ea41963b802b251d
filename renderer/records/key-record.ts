import type { KeyRecord, Purpose } from '../../electron/engagement/records.ts';
import { namesIn } from './name-list.ts';

/** What is recorded about a key or a set of keys, while it is filled in. */
export interface RecordDraft {
  owner: string;
  deputy: string;
  systems: string;
  purposes: readonly Purpose[];
  dataClass: string;
}

export const EMPTY_RECORD: RecordDraft = { owner: '', deputy: '', systems: '', purposes: [], dataClass: '' };

export function draftOfRecord(record: KeyRecord): RecordDraft {
  return {
    owner: record.owner ?? '',
    deputy: record.deputy ?? '',
    systems: record.systems?.join(', ') ?? '',
    purposes: record.purposes ?? [],
    dataClass: record.dataClass ?? '',
  };
}

/** What was entered; what was left empty says nothing. */
export function recordOf(draft: RecordDraft): KeyRecord {
  const systems = namesIn(draft.systems);
  return {
    ...(draft.owner.trim() && { owner: draft.owner.trim() }),
    ...(draft.deputy.trim() && { deputy: draft.deputy.trim() }),
    ...(systems.length > 0 && { systems }),
    ...(draft.purposes.length > 0 && { purposes: [...draft.purposes] }),
    ...(draft.dataClass.trim() && { dataClass: draft.dataClass.trim() }),
  };
}
