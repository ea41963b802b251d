import type { CollectNote } from '../../engagement/collection.ts';

/** What would close the gap that a note tells of, in Azure's own words. */
export const NOTE_REMEDIES: Partial<Record<CollectNote['what'], string>> = {
  'before-retention-edge': 'Ask for the activity log of that time from a workspace or export, and import it.',
  'provisional-tail': 'Collect again later than 15 minutes after the end of the period.',
  'place-not-collected': 'Add the subscription to the source, or state why it is out of scope.',
  'data-plane-not-asked': 'Add the tenant or cloud that the vault belongs to as a source of its own.',
  'directory-not-read':
    'Let the collection read the directory (Microsoft Graph, Directory.Read.All), or state who is in the groups.',
  'event-budget-reached': 'Raise the event budget, or import an export of the workspace.',
  'log-query-partial':
    'Collect again; when it stays partial, import an export of the workspace for that time.',
  'log-files-not-read': 'Allow reading of the log store, or import the client’s export of it.',
  'unreadable-answer': 'Report it: the provider’s answer changed.',
};
