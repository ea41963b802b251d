import type { ReadableDb } from '../../db/handle.ts';
import { inventoryOf } from '../../db/derived/inventory.ts';
import { declare, latestDeclared, type Declared } from '../engagement/declarations.ts';
import type { Operator } from '../engagement/engagement.ts';
import { rotationSchedule } from '../engagement/records.ts';
import type { Work } from '../engine/with-engagement.ts';
import { attach, type GivenFile } from './attachments.ts';
import { ReviewError } from './error.ts';
import { keySets } from './key-sets.ts';
import { onlyManagement } from './mode.ts';

/** The schedule by which a key is rotated by hand: its own, else that of its nearest key set. */
export interface Schedule {
  /** Key id or id of a set. */
  subject: string;
  seq: number;
  value: Declared<'rotation.schedule'>;
}

/** Finds the schedule of a key; null without one. */
export function scheduleFinder(db: ReadableDb, snapshot: string): (key: string) => Schedule | null {
  const schedules = latestDeclared(db, 'rotation.schedule');
  return (key) => {
    if (schedules.size === 0) return null;
    const sets = inventoryOf(db, snapshot, key)?.sets ?? [];
    const found = [key, ...sets].map((subject) => schedules.get(subject)).find(Boolean);
    return found ? { subject: found.subject, seq: found.seq, value: found.value } : null;
  };
}

/** Records the schedule of a key or a key set. @throws ReviewError INDEPENDENCE, NOT_KNOWN */
export async function recordSchedule(
  { db, writer }: Work,
  by: Operator,
  snapshot: string,
  subject: string,
  value: Declared<'rotation.schedule'>,
): Promise<void> {
  onlyManagement(db, 'set a rotation schedule', 'Import the rotation record that the client gave');
  if (!keySets(db).has(subject) && !inventoryOf(db, snapshot, subject)) {
    throw new ReviewError(
      'NOT_KNOWN',
      `cannot schedule ${subject}: it is no key set and no key of the inventory.`,
    );
  }
  await declare(writer, by, 'rotation.schedule', subject, rotationSchedule.parse(value));
}

/**
 * Records a rotation done by hand, with the file that evidences it. An auditor records it only with the client's file.
 *
 * @throws ReviewError INDEPENDENCE, NOT_KNOWN
 */
export async function recordRotation(
  { db, writer }: Work,
  by: Operator,
  snapshot: string,
  rotation: { key: string; rotatedAt: string; performer: string; reason: string; evidence: GivenFile | null },
): Promise<void> {
  if (!rotation.evidence)
    onlyManagement(db, 'record a rotation without evidence', 'Give the file that the client provided');
  if (!inventoryOf(db, snapshot, rotation.key)) {
    throw new ReviewError(
      'NOT_KNOWN',
      `cannot record a rotation of ${rotation.key}: the inventory has no such key.`,
    );
  }
  const evidence = rotation.evidence ? await attach(writer, 'rotation', rotation.evidence) : null;
  const { key, rotatedAt, performer, reason } = rotation;
  await declare(writer, by, 'rotation.manual', key, {
    rotatedAt,
    performer,
    reason,
    evidenceSha256: evidence?.sha256 ?? null,
  });
}
