/** The sample company's Vault: its world, its server, its audit logs. */
export { startVaultSandbox } from './server.ts';
export type { VaultCall, VaultSandbox, VaultSandboxOptions } from './server.ts';
export { buildVaultWorld } from './world.ts';
export type { VaultWorldOptions } from './world.ts';
export type * from './types.ts';
export { auditHash, writeVaultAuditLogs } from './audit-logs.ts';
export type { VaultAuditOptions, WrittenAuditLogs, WrittenDevice } from './audit-logs.ts';
