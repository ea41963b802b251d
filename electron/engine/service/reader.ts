import { openReadable } from '../../../db/open.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { reads } from '../reads/index.ts';
import { ledgerBlob, type BlobRequest } from './blobs.ts';
import { noEngagement } from './refusal.ts';
import { serveThread, type ThreadHandlers } from './thread.ts';

/* The reader's thread: answers every method of place `read` from a read-only handle of the open engagement. */

let open: ReadableDb | null = null;

const opened = (): ReadableDb => {
  if (!open) throw noEngagement();
  return open;
};

const handlers: ThreadHandlers = {
  /** Lets go of the file in use, and takes another. */
  use: ({ file }: { file: string | null }) => {
    open?.close();
    open = null;
    if (file !== null) open = openReadable(file);
    return {};
  },
  blob: (request: BlobRequest) => ledgerBlob(opened(), request),
};
for (const [name, handler] of Object.entries(reads)) {
  handlers[name] = (input: never) => handler(opened(), input);
}

serveThread(() => handlers);
