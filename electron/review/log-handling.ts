import { logRoutes } from '../../db/derived/log-routes.ts';
import type { ReadableDb } from '../../db/handle.ts';
import { declare, type Declared } from '../engagement/declarations.ts';
import type { Operator } from '../engagement/engagement.ts';
import type { Work } from '../engine/with-engagement.ts';
import { attach, type GivenFile } from './attachments.ts';
import { ReviewError } from './error.ts';
import { onlyManagement } from './mode.ts';

/** What is stated of a log, with the file that evidences it. */
export type StatedHandling = Omit<Declared<'log.handling'>, 'evidence'> & { evidence: GivenFile | null };

/**
 * Records what becomes of an audit log behind its device: Vault says where a device writes, not where that is shipped,
 * how long it is kept there, or who is told. An auditor records it only with the client's file.
 *
 * @param device id of the log route, or the path of an audit device (`file/`) where one cluster alone has it
 * @throws ReviewError INDEPENDENCE, NOT_KNOWN, BAD_FILE
 * @returns id of the log route
 */
export async function recordLogHandling(
  { db, writer }: Work,
  by: Operator,
  snapshot: string,
  device: string,
  { evidence, ...stated }: StatedHandling,
): Promise<string> {
  if (!evidence)
    onlyManagement(
      db,
      'state how logs are handled without evidence',
      'Give the file that the client provided',
    );
  const subject = routeOf(db, snapshot, device);
  const attached = evidence ? await attach(writer, 'logging', evidence) : null;
  await declare(writer, by, 'log.handling', subject, { ...stated, evidence: attached?.sha256 ?? null });
  return subject;
}

function routeOf(db: ReadableDb, snapshot: string, device: string): string {
  const routes = logRoutes(db, snapshot).filter(({ provider }) => provider === 'vault');
  const path = `${device.replace(/^\/+|\/+$/g, '')}/`;
  const found = routes.filter(({ id, name }) => id === device || name === path);
  if (found.length === 1) return found[0]!.id;
  const known = routes.map(({ id }) => id).join(', ') || 'none: sys/audit was not read';
  throw new ReviewError(
    'NOT_KNOWN',
    `cannot record the handling of ${device}: ${found.length === 0 ? 'no audit device is called so' : 'several clusters have one'}. Known: ${known}.`,
  );
}
