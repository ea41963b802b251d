import { expect, test } from 'vitest';
import { testSource } from '../../../electron/collect/test-source.ts';
import { awsPolicy } from '../../../electron/providers/aws/policy.ts';
import { newEngagement } from '../../support/ledger.ts';
import { collectSample, exchanges, sampleOptions, sandboxFor } from './support.ts';
import { sampleSource } from './sample.ts';

test('a connection test says which permissions are there, from real calls that the ledger has', async () => {
  const sandbox = await sandboxFor();
  const open = newEngagement();
  const options = sampleOptions(sandbox, { writer: open.writer });
  const tested = await testSource({ ...options, source: sampleSource(sandbox.aws) });
  expect(tested.account).toBe(sandbox.aws.accounts[0].id);
  const status = new Map(tested.permissions.map((p) => [p.op, p.status]));
  expect(status.get('aws.kms.ListKeys')).toBe('ok');
  expect(status.get('aws.iam.GetAccountAuthorizationDetails')).toBe('ok');
  const recorded = exchanges(open.db).filter((e) => e.facts.label === 'connection-test');
  expect(recorded.length).toBeGreaterThan(15);
  expect(recorded.every((e) => e.facts.snapshot === '')).toBe(true);
});

test('a permission that is taken away is reported as denied with the provider’s error', async () => {
  const policy = awsPolicy({ logBuckets: ['*'] });
  policy.Statement.push({ Sid: 'No', Effect: 'Deny', Action: ['cloudtrail:LookupEvents'], Resource: '*' });
  const sandbox = await sandboxFor({ policies: { auditor: policy } });
  const open = newEngagement();
  const options = sampleOptions(sandbox, { writer: open.writer });
  const tested = await testSource({ ...options, source: sampleSource(sandbox.aws) });
  expect(tested.permissions.find((p) => p.op === 'aws.cloudtrail.LookupEvents')).toMatchObject({
    status: 'denied',
    code: 'AccessDeniedException',
  });
});

test('the printed least-privilege policy is enough: with it, a collection meets no other denial than the keys’ own', async () => {
  const policies = { auditor: awsPolicy({ logBuckets: ['*'] }) as never };
  const printed = await collectSample(await sandboxFor({ policies }));
  const allowed = await collectSample(await sandboxFor());
  const denied = (gaps: typeof printed.result.gaps) =>
    gaps
      .filter((g) => /AccessDenied/.test(g.code))
      .map((g) => `${g.op} ${g.subject}`)
      .sort();
  expect(denied(printed.result.gaps)).toEqual(denied(allowed.result.gaps));
});
