import { describe, expect, test } from 'vitest';
import { AZURE_CLOUDS, isVaultHost, tokenScope } from '../../../electron/providers/azure/clouds.ts';
import { declared } from '../../../electron/engagement/declarations.ts';
import { azureEngagement, azureSandboxFor, azureSource, collectAzureSample, exchanges } from './support.ts';
import { tampered, type Answered, type Passing } from './tampered.ts';

const fault = (status: number, code: string, headers: Record<string, string> = {}): Answered => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ error: { code, message: `The sample says ${code}.` } }),
});
const withJson = (answer: Answered, change: (body: Record<string, unknown>) => unknown): Answered => ({
  ...answer,
  body: JSON.stringify(change(JSON.parse(answer.body) as Record<string, unknown>)),
});

/** Collects through a server that changes answers. */
async function collected(change: (passing: Passing, answer: Answered) => Answered | null) {
  const sandbox = await azureSandboxFor({ ordinaryKeys: 0 });
  const { passed, ...at } = await tampered(sandbox, change);
  const started = Date.now();
  const found = await collectAzureSample(sandbox, {
    engagement: azureEngagement(sandbox, 2),
    sources: [{ ...azureSource(sandbox), ...at }],
  });
  const of = (op: string) => exchanges(found.db).filter(({ facts }) => facts.op === op);
  return { ...found, passed, of, notes: declared(found.db, 'collect.note'), ms: Date.now() - started };
}

describe('answers that mislead', () => {
  test.each([
    ['Resource Manager', 'management.azure.com', '/roleAssignments', 'nextLink', 'ListRoleAssignments'],
    ['Microsoft Graph', 'graph.microsoft.com', '/members', '@odata.nextLink', 'ListGroupMembers'],
    ['a vault', 'mf-orders-prod.vault.azure.net', '/keys', 'nextLink', 'GetKeys'],
  ])(
    'a link of %s to another host is not followed, and no token goes there',
    async (_who, host, end, member, action) => {
      const { passed, notes, result } = await collected((passing, answer) =>
        passing.host === host && passing.path.split('?')[0]!.endsWith(end) && answer.status === 200
          ? withJson(answer, (body) => ({
              ...body,
              [member]: 'https://evil.blob.core.windows.net/steal?x=1',
            }))
          : null,
      );
      expect(passed.some(({ host: asked }) => asked.includes('evil'))).toBe(false);
      const broken = notes.filter(({ value }) => value.op?.endsWith(action));
      expect(broken[0]?.value).toMatchObject({ what: 'unreadable-answer' });
      expect(broken[0]!.value.reason).toContain('evil.blob.core.windows.net');
      expect(result.state).toBe('complete-with-gaps');
    },
  );

  test('links that go round in a circle end, and the list counts as incomplete', async () => {
    const { of, notes } = await collected((passing, answer) => {
      if (!/\/denyAssignments/.test(passing.path) || answer.status !== 200) return null;
      const { pathname, searchParams } = new URL(`https://${passing.host}${passing.path}`);
      const other = searchParams.get('step') === 'a' ? 'b' : 'a';
      return withJson(answer, (body) => ({
        ...body,
        nextLink: `https://${passing.host}${pathname}?api-version=2022-04-01&step=${other}`,
      }));
    });
    const asked = of('azure.authorization.ListDenyAssignments');
    // Of each of two subscriptions: the first page, and each link once.
    expect(asked).toHaveLength(6);
    expect(notes.filter(({ value }) => value.op === 'azure.authorization.ListDenyAssignments')).toHaveLength(
      2,
    );
  });
});

describe('answers that ask to wait', () => {
  test.each([
    ['429 with seconds', 429, () => '1', 950],
    ['429 with a date', 429, () => new Date(Date.now() + 3000).toUTCString(), 1000],
    ['503 with seconds', 503, () => '1', 950],
  ])('%s: the next try comes no sooner', async (_what, status, retryAfter, least) => {
    const { of, result } = await collected(({ path, before }) =>
      /\/deletedVaults/.test(path) && before === 0
        ? fault(status, status === 429 ? 'TooManyRequests' : 'ServiceUnavailable', {
            'retry-after': retryAfter(),
          })
        : null,
    );
    const tries = of('azure.vaults.ListDeletedVaults');
    const [failed] = tries.filter(({ facts }) => facts.httpStatus === status);
    const again = tries.find(
      ({ facts }) => facts.attempt === 2 && facts.scope === failed!.facts.scope && facts.outcome === 'ok',
    )!;
    expect(Date.parse(again.facts.start) - Date.parse(failed!.facts.end)).toBeGreaterThanOrEqual(least);
    expect(result.gaps.some(({ op }) => op === 'azure.vaults.ListDeletedVaults')).toBe(false);
  });

  test('a token endpoint that throttles is asked again, and its answers stay out of the ledger', async () => {
    const { of, result } = await collected(({ path, before }) =>
      /\/oauth2\/v2\.0\/token/.test(path) && before === 0
        ? {
            status: 429,
            headers: { 'retry-after': '1', 'content-type': 'application/json' },
            body: '{"error":"temporarily_unavailable","error_description":"AADSTS90055: busy"}',
          }
        : null,
    );
    const tokens = of('azure.entra.Token');
    expect(tokens[0]!.facts.httpStatus).toBe(429);
    expect(tokens.every(({ values }) => values.body === undefined)).toBe(true);
    expect(result.stopped).toEqual([]);
  });
});

test('a token that expires in mid-run stops the source with words, to be resumed', async () => {
  const { result } = await collected(({ path }) =>
    /\/diagnosticSettings/.test(path) ? fault(401, 'ExpiredAuthenticationToken') : null,
  );
  expect(result.state).toBe('stopped');
  expect(result.stopped.map(({ code }) => code)).toEqual(['CREDENTIALS']);
});

test('each cloud has its own hosts, and a token of one goes to no host of another', () => {
  const { usgov, china, public: global } = AZURE_CLOUDS;
  expect(tokenScope(usgov, 'arm')).toBe('https://management.usgovcloudapi.net/.default');
  expect(tokenScope(usgov, 'graph')).toBe('https://graph.microsoft.us/.default');
  expect(tokenScope(usgov, 'logs')).toBe('https://api.loganalytics.us/.default');
  expect(tokenScope(china, 'graph')).toBe('https://microsoftgraph.chinacloudapi.cn/.default');
  expect(tokenScope(china, 'logs')).toBe('https://api.loganalytics.azure.cn/.default');
  const hosts = [
    [global, 'v.vault.azure.net', 'h.managedhsm.azure.net'],
    [usgov, 'v.vault.usgovcloudapi.net', 'h.managedhsm.usgovcloudapi.net'],
    [china, 'v.vault.azure.cn', 'h.managedhsm.azure.cn'],
  ] as const;
  for (const [cloud] of hosts) {
    for (const [other, vault, hsm] of hosts) {
      expect([isVaultHost(cloud, vault), isVaultHost(cloud, hsm)]).toEqual([
        cloud === other,
        cloud === other,
      ]);
    }
  }
  expect(isVaultHost(global, 'v.vault.azure.net.evil.example')).toBe(false);
  expect(isVaultHost(global, 'evil.example/.vault.azure.net')).toBe(false);
});
