import type { ReadableDb } from '../../db/handle.ts';
import { currentEngagement } from '../engagement/current.ts';
import { declare, latestDeclared } from '../engagement/declarations.ts';
import type { Operator } from '../engagement/engagement.ts';
import { policyParameters, type PolicyParameters } from '../engagement/parameters.ts';
import { inventoryMapping, type InventoryMapping } from '../engagement/records.ts';
import type { Work } from '../engine/with-engagement.ts';
import { DEFAULT_MAPPING } from './derive-inventory.ts';

/** Tag names that hold each field of the inventory, first match wins. */
export interface TagMapping extends InventoryMapping {
  owner: string[];
  systems: string[];
  dataClass: string[];
}

/** Fields whose tag names are parameters of the policy: tests of controls name them too. */
const PARAMETERS = {
  owner: 'ownerTags',
  systems: 'systemTags',
  dataClass: 'dataClassTags',
} as const satisfies Record<string, keyof PolicyParameters>;

/** The mapping as it stands. */
export function tagMapping(db: ReadableDb): TagMapping {
  const { ownerTags, systemTags, dataClassTags } = currentEngagement(db).parameters;
  const mapping = latestDeclared(db, 'inventory.mapping').get('')?.value ?? DEFAULT_MAPPING;
  const named = { owner: ownerTags.value, systems: systemTags.value, dataClass: dataClassTags.value };
  return { ...named, ...mapping };
}

/** Sets which tags hold which field; fields left out stay as they are. */
export async function setTagMapping(
  { db, writer }: Work,
  by: Operator,
  change: { [F in keyof TagMapping]?: string[] | undefined },
): Promise<TagMapping> {
  const engagement = currentEngagement(db);
  const { deputy, purposes, approvedBy, approvedAt } = tagMapping(db);
  const mapping = inventoryMapping.parse({
    deputy: change.deputy ?? deputy,
    purposes: change.purposes ?? purposes,
    approvedBy: change.approvedBy ?? approvedBy,
    approvedAt: change.approvedAt ?? approvedAt,
  });
  await declare(writer, by, 'inventory.mapping', '', mapping);
  const parameters = { ...engagement.parameters };
  for (const [field, parameter] of Object.entries(PARAMETERS)) {
    const value = change[field as keyof typeof PARAMETERS];
    if (value) parameters[parameter] = { ...parameters[parameter], value };
  }
  if (JSON.stringify(parameters) !== JSON.stringify(engagement.parameters)) {
    const checked = policyParameters.parse(parameters);
    await declare(writer, by, 'engagement', '', { ...engagement, parameters: checked });
  }
  return tagMapping(db);
}
