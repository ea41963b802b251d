import { describe, expect, test } from 'vitest';
import { entries } from '../../../db/ledger/read.ts';
import { parseVaultPolicy } from '../../../electron/access/vault/index.ts';
import { testSource } from '../../../electron/collect/test-source.ts';
import { knownEngines } from '../../../electron/providers/vault/known-engines.ts';
import {
  policyRules,
  vaultPolicy,
  type VaultPolicyOptions,
} from '../../../electron/providers/vault/policy.ts';
import type { VaultSandbox } from '../../../electron/sandbox/vault/index.ts';
import { newEngagement } from '../../support/ledger.ts';
import { collectVaultSample, given, vaultFor, vaultOptions, vaultSampleSource } from './support.ts';

/** What the sample cluster has, as an earlier collection knows it. */
async function known(): Promise<VaultPolicyOptions> {
  const sandbox = await vaultFor();
  const { db } = await collectVaultSample(sandbox);
  const { mounts, auth, namespaces } = knownEngines(db, 'vault')!;
  return { cluster: true, kvMetadata: true, mounts, auth, namespaces };
}

/** The sandbox with exactly this policy: the default policy gives nothing. */
const sandboxWith = (policy: string): Promise<VaultSandbox> =>
  vaultFor({ policies: { 'keywitness-auditor': policy, default: '# nothing' } });

const denied = (sandbox: VaultSandbox): string[] =>
  sandbox.calls().flatMap(({ status, operation, path }) => (status === 403 ? [`${operation} ${path}`] : []));

describe('the least-privilege policy', () => {
  test('made for the engines and auth methods there are: nothing that is needed is denied', async () => {
    const sandbox = await sandboxWith(vaultPolicy(await known()));
    const { result } = await collectVaultSample(sandbox);
    expect(denied(sandbox)).toEqual([]);
    expect(result.gaps.map(({ code }) => code)).toEqual(['log-files-not-read']);
  });

  test('made without knowing them: any mount and auth method of one segment', async () => {
    const policy = vaultPolicy({
      cluster: true,
      kvMetadata: true,
      mounts: null,
      auth: null,
      namespaces: ['logistics'],
    });
    const sandbox = await sandboxWith(policy);
    await collectVaultSample(sandbox);
    expect(denied(sandbox)).toEqual([]);
  });

  test('with any one path removed, the gap names it', async () => {
    const options = { ...(await known()), namespaces: [] };
    const rules = policyRules(options);
    expect(rules.length).toBeGreaterThan(40);
    const unnamed: string[] = [];
    for (const rule of rules) {
      const block = `path "${rule.path}" {`;
      const policy = vaultPolicy(options)
        .split('\n')
        .filter((line) => !line.startsWith(block))
        .join('\n');
      const sandbox = await sandboxWith(policy);
      const source = vaultSampleSource(sandbox, { namespaces: ['root'] });
      const { result } = await collectVaultSample(sandbox, { sources: [source] });
      const named =
        result.gaps.some(
          ({ code, op, subject }) =>
            code === 'PermissionDenied' && op !== null && covers(rule.path.replace(/\/$/, ''), subject),
        ) || result.stopped.some(({ message }) => message.includes(rule.path));
      if (!named) unnamed.push(rule.path);
    }
    expect(unnamed).toEqual([]);
  }, 240_000);

  test('gives no use of a key and nothing that writes', async () => {
    const policy = parseVaultPolicy('p', vaultPolicy(await known()));
    expect(policy.issues).toEqual([]);
    for (const { path, capabilities } of policy.rules) {
      if (/\/(export|backup|encrypt|decrypt|datakey|sign|hmac|rewrap)\/\*$/.test(path)) {
        expect([...capabilities]).toEqual(['deny']);
      } else {
        const writing = [...capabilities].filter(
          (capability) => !['read', 'list', 'sudo'].includes(capability),
        );
        expect([path, writing]).toEqual([path, path.endsWith('sys/capabilities-self') ? ['update'] : []]);
      }
    }
  });
});

describe('the connection test', () => {
  const tryIt = async (sandbox: VaultSandbox, token: string) => {
    const { writer, db } = newEngagement();
    const options = vaultOptions(sandbox, { writer }, token);
    const result = await testSource({
      ...options,
      source: vaultSampleSource(sandbox),
      credentialsFor: () => ({ vault: given(token) }),
    });
    return { result, db };
  };

  test('says of every path that a collection needs whether the token has it', async () => {
    const sandbox = await vaultFor();
    const { result, db } = await tryIt(sandbox, sandbox.tokens.auditor);
    expect(result.account).toBe(sandbox.world.clusterId);
    expect(result.permissions.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(result.permissions.map(({ permissions }) => permissions[0])).toContain(
      'payments-transit/keys/+ [read]',
    );
    expect([...entries(db, 'exchange')].every(({ facts }) => facts.snapshot === '')).toBe(true);
  });

  test('names what a token lacks', async () => {
    const sandbox = await vaultFor();
    const { result } = await tryIt(sandbox, sandbox.tokens.limited);
    const lacking = result.permissions
      .filter(({ status }) => status === 'denied')
      .flatMap((p) => p.permissions);
    expect(lacking).toContain('sys/audit [read, sudo]');
    expect(lacking).toContain('sys/policies/acl/* [read]');
  });
});

/** Whether the path that a gap names is one of the pattern's. */
function covers(pattern: string, subject: string): boolean {
  const { path } = JSON.parse(subject || '{}') as { path?: string };
  if (path === undefined) return false;
  const source = pattern
    .split('/')
    .map((part) =>
      part === '+' ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.\\^$|?+()[\]{}]/g, '\\$&'),
    )
    .join('/');
  return new RegExp(`^${source.replace(/\/\.\*$/, '(/.*)?')}$`).test(path);
}
