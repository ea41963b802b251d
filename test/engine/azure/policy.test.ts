import { describe, expect, test } from 'vitest';
import { openLogIngest } from '../../../electron/logs/ingest.ts';
import { azurePolicy } from '../../../electron/providers/azure/policy.ts';
import type { AuditorRights } from '../../../electron/sandbox/azure/types.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { azureEngagement, azureSandboxFor, collectAzureSample } from './support.ts';

const { role, accessPolicy, managedHsm, graph } = azurePolicy();

/** Denials of a collection with these rights, besides those that the sample company itself has set up. */
async function denials(rights: AuditorRights): Promise<{ op: string; remedy: string }[]> {
  const sandbox = await azureSandboxFor({
    ordinaryKeys: 0,
    auditor: {
      permission: { actions: role.Actions, dataActions: role.DataActions },
      keyPermissions: accessPolicy,
      hsmDataActions: managedHsm,
      graphPermissions: graph,
      ...rights,
    },
  });
  const ingest = openLogIngest({ folder: temporaryFolder() });
  try {
    const { result } = await collectAzureSample(sandbox, {
      ingestLines: ingest.ingestLines,
      engagement: azureEngagement(sandbox, 2),
    });
    expect(result.stopped).toEqual([]);
    return result.gaps
      .filter(
        ({ scope, op }) =>
          !(op === 'azure.keys.GetKeys' && /mf-(claims|legacy-apps|payments-prod)$/.test(scope)),
      )
      .filter(({ code }) =>
        /Forbidden|AuthorizationFailed|Insufficient|Mismatch|AccessDenied|RequestDenied/.test(code),
      )
      .map(({ op, remedy }) => ({ op: op ?? '', remedy }));
  } finally {
    await ingest.close();
  }
}

describe('the least-privilege role', () => {
  test('reads only: no action of it writes, and no data action uses a key', () => {
    for (const action of [...role.Actions, ...role.DataActions]) expect(action).toMatch(/\/read$/i);
    for (const permission of accessPolicy) expect(permission).toMatch(/^(get|list|getrotationpolicy)$/);
    for (const action of managedHsm) expect(action).toMatch(/\/read\/action$/);
    for (const permission of graph) expect(permission).toMatch(/\.Read\.All$/);
  });

  test('with exactly it the sample denies nothing that is needed', async () => {
    expect(await denials({})).toEqual([]);
  });

  // Azure lists the subscriptions that an identity may read, and says nothing of others: there is no refusal to name it.
  const actions = role.Actions.filter((action) => action !== 'Microsoft.Resources/subscriptions/read');

  test.each(actions)('without the action %s a gap names it', async (action) => {
    const left = role.Actions.filter((other) => other !== action);
    const found = await denials({
      permission: { actions: left, dataActions: role.DataActions },
      // Versions of a managed HSM's keys come from the control plane only where the HSM itself refuses.
      ...(action.startsWith('Microsoft.KeyVault/managedHSMs/keys/versions') ? { hsmDataActions: [] } : {}),
    });
    expect(found.filter(({ remedy }) => remedy.includes(action))).not.toEqual([]);
  });

  test.each(role.DataActions)('without the data action %s a gap names it', async (action) => {
    const left = role.DataActions.filter((other) => other !== action);
    const found = await denials({ permission: { actions: role.Actions, dataActions: left } });
    expect(found.filter(({ remedy }) => remedy.includes(action))).not.toEqual([]);
  });

  test.each(accessPolicy)('without the key permission %s a gap names it', async (permission) => {
    const found = await denials({ keyPermissions: accessPolicy.filter((other) => other !== permission) });
    expect(found.filter(({ remedy }) => remedy.includes(`key permission ${permission}`))).not.toEqual([]);
  });

  test.each(graph)('without the permission %s of Microsoft Graph a gap names it', async (permission) => {
    const found = await denials({ graphPermissions: graph.filter((other) => other !== permission) });
    expect(found.filter(({ remedy }) => remedy.includes(permission))).not.toEqual([]);
  });

  test.each(managedHsm)('without the local data action %s a gap names it', async (action) => {
    const found = await denials({ hsmDataActions: managedHsm.filter((other) => other !== action) });
    expect(found.filter(({ remedy }) => remedy.includes(action))).not.toEqual([]);
  });
});
