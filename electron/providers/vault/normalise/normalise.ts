import type { WritableDb } from '../../../../db/handle.ts';
import type { Answer } from '../../../derive/answer.ts';
import { keyRows, type KeyRows } from '../../../derive/key-rows.ts';
import { auditDevices } from './audit-devices.ts';
import { CLUSTER_ACTIONS, clusterSettings } from './cluster.ts';
import { readIdentity, readPolicy, readRole } from './principals.ts';
import { readMetadata } from './secrets.ts';
import { listKeys, readKey } from './transit-keys.ts';

type Normalise = (answers: readonly Answer[], to: KeyRows) => void;

/** Operations read one at a time, in the order in which later ones build on earlier ones. */
const IN_ORDER: readonly (readonly [action: string, normalise: Normalise])[] = [
  ...CLUSTER_ACTIONS.map((action) => [action, clusterSettings(action)] as const),
  ['AuditDevices', auditDevices],
  ['ListKeys', listKeys],
  ['ReadKey', readKey],
  ['ReadPolicy', readPolicy],
  ['ReadRole', readRole],
  ['ReadEntity', readIdentity('entity')],
  ['ReadGroup', readIdentity('group')],
  ['ReadMetadata', readMetadata],
];

/**
 * Turns the Vault answers of one snapshot into provider-neutral rows.
 *
 * @param answersTo gives the deciding answers to one action; they are read once and let go.
 * @returns what the access evaluation is checked against.
 */
export function normaliseVault(
  db: WritableDb,
  snapshot: string,
  answersTo: (action: string) => readonly Answer[],
): { capabilities: readonly Answer[] } {
  const to = keyRows(db, snapshot);
  for (const [action, normalise] of IN_ORDER) normalise(answersTo(action), to);
  return { capabilities: answersTo('CapabilitiesSelf') };
}
