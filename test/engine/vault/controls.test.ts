import { expect, test } from 'vitest';
import { runControls } from '../../../electron/controls/run-controls.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import { derive } from '../../../electron/derive/derive.ts';
import type { VaultSandboxOptions } from '../../../electron/sandbox/vault/index.ts';
import { sampleEngagement } from '../collect/sample.ts';
import { collectVaultSample, vaultFor } from './support.ts';

/** Results of one control by the last part of its subject, at collection. */
async function tested(options: VaultSandboxOptions = {}, token?: 'limited') {
  const sandbox = await vaultFor(options);
  const { db, writer } = await collectVaultSample(sandbox, {}, token && sandbox.tokens[token]);
  await declare(writer, { name: 'Ann', email: null }, 'engagement', '', sampleEngagement());
  derive(db);
  runControls(db, { snapshot: 's1' });
  return (control: string): Record<string, string> =>
    Object.fromEntries(
      db
        .prepare<[string], { subject: string; result: string }>(
          "SELECT subject, result FROM test_result WHERE control = ? AND at = 'collection' ORDER BY subject",
        )
        .all(control)
        .map(({ subject, result }) => [subject.replace(/^.*\/keys\/|^[0-9a-f-]{36}\/?/, ''), result]),
    );
}

test('each Vault finding is an exception where the sample has it, and nothing else is', async () => {
  const results = await tested();
  const exceptions = (control: string) =>
    Object.entries(results(control)).flatMap(([subject, result]) =>
      result === 'exception' ? [subject] : [],
    );
  expect(exceptions('transit-key-exportable')).toEqual(['legacy-labels']);
  expect(exceptions('transit-key-deletion')).toEqual(['legacy-labels']);
  expect(exceptions('approved-algorithm')).toEqual(['search-tokens']);
  expect(exceptions('rotation-period-within-policy')).toEqual(['ci-secrets']);
  expect(exceptions('rotation-enabled')).not.toContain('orders-pii');
  expect(exceptions('rotation-enabled')).toContain('billing-exports');
  expect(exceptions('rotation-age').sort()).toEqual([
    'billing-exports',
    'ci-secrets',
    'invoice-signing',
    'legacy-labels',
  ]);
  expect(exceptions('audit-device-options')).toEqual(['siem/']);
  expect(results('audit-devices')).toEqual({ '': 'pass' });
  expect(results('vault-sudo-wildcards')).toEqual({ '': 'exception' });
  expect(results('vault-root-tokens')).toEqual({ '': 'pass' });
  expect(exceptions('transit-wildcard-policies')).toContain('orders-pii');
  // Transit keys have no tags, so that no owner is on record is known.
  expect(exceptions('owner-documented')).toContain('orders-pii');
});

test('questions that Vault has no answer to are not applicable, and no AWS trail answers for it', async () => {
  const results = await tested();
  for (const control of [
    'key-policy-public',
    'key-policy-cross-account',
    'wildcard-principals',
    'grants-unconstrained',
  ]) {
    expect(results(control)['orders-pii']).toBe('not-applicable');
  }
  for (const control of ['trail-logging', 'key-change-alerts', 'iam-decrypt-all-keys']) {
    expect(results(control)).toEqual({});
  }
});

test('the key that a policy denies is undetermined everywhere, never an exception', async () => {
  const results = await tested();
  for (const control of [
    'rotation-enabled',
    'rotation-age',
    'transit-key-exportable',
    'transit-key-deletion',
    'transit-wildcard-policies',
    'owner-documented',
  ]) {
    expect([control, results(control)['customs-broker']]).toEqual([control, 'undetermined']);
  }
});

test('a token that may read nothing gives gaps and undetermined answers, no findings', async () => {
  const results = await tested({}, 'limited');
  for (const control of ['audit-devices', 'vault-sudo-wildcards', 'vault-root-tokens']) {
    expect([control, results(control)['']]).toEqual([control, 'undetermined']);
  }
});
