/** Access to Vault and OpenBao transit keys: policies, the evaluator and its input. Pure functions. */
export { parseVaultPolicy } from './policy.ts';
export type { RuleLimit, VaultPolicy, VaultRule } from './policy.ts';
export { buildAcl, capabilitiesOf, decide } from './acl.ts';
export type { Acl, AclRequest, Contribution, Decision, HeldPolicy, Merged } from './acl.ts';
export { resolveTemplate } from './template.ts';
export type { Resolved } from './template.ts';
export { evaluateVaultAccess, NOT_EVALUATED } from './access-paths.ts';
export type { VaultAccess } from './access-paths.ts';
export { TRANSIT_ACTIONS } from './transit-actions.ts';
export type { TransitAction } from './transit-actions.ts';
export type * from './model.ts';
