/** Access to AWS KMS keys: the evaluator, its input, and the questions that tests of controls ask. Pure functions. */
export { accessPaths, evaluateAwsAccess } from './access-paths.ts';
export type { AwsAccess, SharedPath } from './access-paths.ts';
export type * from './model.ts';
export { CRYPTOGRAPHIC_ACTIONS, KMS_ACTIONS, kmsAction, usableActions } from './kms-actions.ts';
export type { ActionClass, KmsAction } from './kms-actions.ts';
export { publicness } from './publicness.ts';
export type { OpenStatement, Publicness } from './publicness.ts';
export { crossAccountPrincipals, orphanedPrincipals, wildcardPrincipals } from './policy-findings.ts';
export type { CrossAccountEvidence, OrphanEvidence, WildcardEvidence } from './policy-findings.ts';
export type { PolicyAnswer, StatementEvidence } from './policy-evidence.ts';
export { decryptOnAllKeys, listIamPolicies } from './iam-findings.ts';
export type { AllKeysEvidence, IamPolicyText } from './iam-findings.ts';
export { crossAccountGrants, unconstrainedGrants } from './grant-findings.ts';
export type { CrossAccountGrant, GrantEvidence } from './grant-findings.ts';
export { administratorsWhoUse, humansWithUse } from './path-findings.ts';
export type { AdministratorEvidence, HolderEvidence } from './path-findings.ts';
