import { describe, expect, test } from 'vitest';
import { iterateAccessPaths } from '../../../db/derived/access.ts';
import { analyse } from '../../../electron/engine/analyse.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import type { CollectOptions } from '../../../electron/collect/collect-snapshot.ts';
import { collectSnapshot } from '../../../electron/collect/collect-snapshot.ts';
import { newEngagement } from '../../support/ledger.ts';
import {
  azureEngagement,
  azureOptions,
  azureSandboxFor,
  azureSource,
  collectAzureSample,
  exchanges,
} from './support.ts';

type Sandbox = Awaited<ReturnType<typeof azureSandboxFor>>;

const idOf = ({ estate }: Sandbox, name: string): string =>
  estate.directory.objects.find(({ displayName }) => displayName === name)!.id;

async function analysed(sandbox: Sandbox, overrides: Partial<CollectOptions> = {}) {
  const open = newEngagement();
  const by = { name: 'Ann', email: null };
  await declare(open.writer, by, 'engagement', '', azureEngagement(sandbox, 2));
  await declare(open.writer, by, 'source', 'azure-sample', azureSource(sandbox));
  const options = { engagement: azureEngagement(sandbox, 2), writer: open.writer, ...overrides };
  const result = await collectSnapshot(azureOptions(sandbox, options));
  analyse(open.db);
  const paths = [...iterateAccessPaths(open.db, result.snapshotId)];
  return { ...open, result, paths };
}

describe('who the principals are', () => {
  test('groups are opened down to people, page by page and through nested groups', async () => {
    const sandbox = await azureSandboxFor({ ordinaryKeys: 0, graphPageSize: 1 });
    const { db, paths } = await analysed(sandbox);
    const orders = paths.filter(({ key }) => key.endsWith('mf-orders-prod.vault.azure.net/keys/orders-db'));
    const through = (name: string, role: string) =>
      orders.filter(({ principal, via }) => principal === idOf(sandbox, name) && via.includes(role));
    const officer = 'Key Vault Crypto Officer';
    expect(through('maria.lopez', officer)[0]!.via).toContain('group key-administrators');
    const [nested] = through('tom.becker', officer);
    expect(nested!.via).toMatch(/group key-administrators.*group platform-on-call/);
    expect(nested!.kind_reason).toBe('Entra user tom.becker@meridian-freight.example');
    expect(through('jonas.keller', officer)[0]!.kind_reason).toMatch(/\(account disabled\)$/);
    // No group is left where its members are known, and every path cites who was asked.
    expect(orders.filter(({ detail }) => detail?.includes('members unknown'))).toEqual([]);
    const members = exchanges(db).filter(({ facts }) => facts.op === 'azure.graph.ListGroupMembers');
    expect(members.length).toBeGreaterThan(4);
    expect(new Set(orders[0]!.cites)).toEqual(
      new Set([...orders[0]!.cites, ...members.slice(0, 1).map((m) => m.seq)]),
    );

    const archive = paths.filter(({ key }) => key.endsWith('/orders-archive'));
    const guest = archive.find(({ principal }) => principal === idOf(sandbox, 'sam.contractor'))!;
    expect([guest.principal_kind, guest.kind_reason.slice(0, 43)]).toEqual([
      'human',
      'guest user from another organisation: sam.c',
    ]);
    const gone = paths.find(({ kind_reason: why }) => why.startsWith('not in the directory any more'))!;
    expect([gone.principal_kind, gone.kind_reason]).toEqual(['unknown', 'not in the directory any more']);
    const partner = paths.find(({ principal }) => principal === idOf(sandbox, 'track-and-trace'))!;
    expect(partner.principal_kind).toBe('external-account');
    const managed = paths.find(({ principal }) => principal === idOf(sandbox, 'orders-api'))!;
    expect(managed.kind_reason).toBe('managed identity orders-api');
  });

  test('nothing is read that was declined, and a note says so', async () => {
    const sandbox = await azureSandboxFor({ ordinaryKeys: 0 });
    const { db, paths } = await analysed(sandbox, {
      sources: [{ ...azureSource(sandbox), readDirectory: false }],
    });
    expect((await sandbox.calls()).filter(({ operation }) => operation.startsWith('graph.'))).toEqual([]);
    expect(paths.some(({ detail }) => detail?.includes('members unknown'))).toBe(true);
    const gap = db.prepare(`SELECT effect, remedy FROM gap WHERE reason = 'directory-not-read'`).get();
    expect(gap).toMatchObject({ remedy: expect.stringContaining('Directory.Read.All') as string });
  });

  test('a missing permission is one gap with its remedy, and members stay unknown', async () => {
    const sandbox = await azureSandboxFor({ ordinaryKeys: 0, auditor: { graphPermissions: [] } });
    const { db, paths } = await analysed(sandbox);
    expect(db.prepare(`SELECT op, code, remedy FROM gap WHERE op LIKE 'azure.graph.%'`).all()).toEqual([
      {
        op: 'azure.graph.GetDirectoryObjects',
        code: 'Authorization_RequestDenied',
        remedy: expect.stringMatching(/Directory\.Read\.All of Microsoft Graph.*consent/) as string,
      },
    ]);
    expect(paths.some(({ detail }) => detail?.includes('members unknown'))).toBe(true);
    expect(paths.some(({ kind_reason: why }) => why.startsWith('not in the directory'))).toBe(false);
  });

  test('ids are asked in one question of their own, with a token of its own', async () => {
    const sandbox = await azureSandboxFor({ ordinaryKeys: 0 });
    const { db } = await collectAzureSample(sandbox);
    const [asked] = exchanges(db).filter(({ facts }) => facts.op === 'azure.graph.GetDirectoryObjects');
    const { ids } = JSON.parse(asked!.values.params!) as { ids: string[] };
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids).toContain(idOf(sandbox, 'maria.lopez'));
    expect(asked!.facts.host).toMatch(/^graph\.microsoft\.com/);
  });
});
