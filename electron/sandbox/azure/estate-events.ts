import type { Frame } from '../company/frame.ts';
import { DAY, HOUR } from '../company/time.ts';
import type { ActivityEvent, AuditRecord, EstateVault } from './types.ts';

type Actor = { id: string; name: string; ip: string };

/** Uses of each vault's keys, a few a day through the whole period, and the rotations that happened in it. */
export function auditRecords(
  frame: Frame,
  vaults: readonly EstateVault[],
  actors: readonly Actor[],
): AuditRecord[] {
  const records: AuditRecord[] = [];
  const add = (
    vault: EstateVault,
    at: number,
    operation: string,
    path: string,
    actor: Actor,
    status = 200,
  ): void => {
    records.push({
      at,
      vaultId: vault.id,
      vaultName: vault.name,
      operation,
      requestPath: path,
      principalId: actor.id,
      principalName: actor.name,
      status,
      correlationId: frame.random('azure-audit', vault.name, at, operation).uuid(),
      ip: actor.ip,
    });
  };
  for (const vault of vaults) {
    if (vault.diagnosticSettings.length === 0) continue;
    const live = vault.keys.filter((key) => key.deletedAt === undefined && !key.managed);
    for (let day = frame.period.from; day < frame.period.to; day += DAY) {
      const r = frame.random('azure-day', vault.name, day);
      for (let i = 0; i < 5; i++) {
        const key = r.pick(live);
        const version = key.versions.findLast((v) => v.createdAt <= day) ?? key.versions[0]!;
        const operation = key.kty.startsWith('EC')
          ? 'KeySign'
          : r.pick(['KeyUnwrap', 'KeyUnwrap', 'KeyWrap', 'KeyGet']);
        const verb = { KeySign: '/sign', KeyUnwrap: '/unwrapkey', KeyWrap: '/wrapkey', KeyGet: '' }[
          operation
        ]!;
        const at = day + i * 4 * HOUR + r.int(4 * HOUR);
        add(
          vault,
          at,
          operation,
          `/keys/${key.name}/${version.id}${verb}`,
          r.pick(actors),
          r.int(60) === 0 ? 403 : 200,
        );
      }
    }
    for (const key of vault.keys) {
      for (const version of key.versions.slice(1)) {
        if (version.createdAt >= frame.period.from && version.createdAt < frame.period.to)
          add(vault, version.createdAt, 'KeyRotate', `/keys/${key.name}/rotate`, actors[0]!);
      }
      if (key.deletedAt !== undefined)
        add(vault, key.deletedAt, 'KeyDelete', `/keys/${key.name}`, actors[1]!);
    }
  }
  return records.sort((a, b) => a.at - b.at || (a.correlationId < b.correlationId ? -1 : 1));
}

/** Management events: a role given, an access policy changed, a diagnostic setting made inside the period. */
export function activityEvents(
  frame: Frame,
  vaults: readonly EstateVault[],
  caller: string,
): ActivityEvent[] {
  const events: ActivityEvent[] = [];
  for (const [i, vault] of vaults.filter((v) => v.kind === 'vault').entries()) {
    const subscriptionId = vault.id.split('/')[2]!;
    const add = (days: number, operation: string, resourceId: string): void => {
      const [resourceProvider = ''] = operation.split('/');
      const at = frame.daysAgo(days, 'azure-activity', vault.name, operation);
      const r = frame.random('azure-activity', vault.name, operation, days);
      events.push({
        at,
        subscriptionId,
        id: r.uuid(),
        caller,
        operation,
        resourceProvider,
        resourceId,
        correlationId: r.uuid(),
      });
    };
    add(30 + i, 'Microsoft.KeyVault/vaults/write', vault.id);
    add(
      12 + i,
      'Microsoft.Authorization/roleAssignments/write',
      `${vault.id}/providers/Microsoft.Authorization/roleAssignments/${frame.random('azure-activity-ra', vault.name).uuid()}`,
    );
    add(45 + i, 'Microsoft.KeyVault/vaults/accessPolicies/write', `${vault.id}/accessPolicies/replace`);
    if (vault.name === 'mf-warehouse-prod')
      add(
        40,
        'Microsoft.Insights/diagnosticSettings/write',
        `${vault.id}/providers/Microsoft.Insights/diagnosticSettings/to-storage`,
      );
  }
  return events.sort((a, b) => b.at - a.at);
}
