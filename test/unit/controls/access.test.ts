import { describe, expect, it } from 'vitest';
import { accessPathsOf } from '../../../db/derived/access.ts';
import { administratorsWhoUse } from '../../../electron/controls/administrators-who-use.ts';
import type { Control } from '../../../electron/controls/control.ts';
import { grantsUnconstrained } from '../../../electron/controls/grants-unconstrained.ts';
import { humansWithUse } from '../../../electron/controls/humans-with-use.ts';
import { iamDecryptAllKeys } from '../../../electron/controls/iam-decrypt-all-keys.ts';
import { keyPolicyCrossAccount } from '../../../electron/controls/key-policy-cross-account.ts';
import { keyPolicyPublic } from '../../../electron/controls/key-policy-public.ts';
import { wildcardPrincipals } from '../../../electron/controls/wildcard-principals.ts';
import { ACCOUNT, keyArn, newAwsLedger, SNAPSHOT, type AwsLedger } from '../../support/aws-ledger.ts';
import { answers, change, logs } from '../../support/controls.ts';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`;
const USER = `arn:aws:iam::${ACCOUNT}:user/bob`;
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const OTHER = '999988887777';
const allow = (AWS: string, Action: string | string[], more = {}) => ({
  ...{ Effect: 'Allow', Principal: AWS === '*' ? '*' : { AWS }, Action, Resource: '*', ...more },
});
const delegation = allow(ROOT, 'kms:*');
const serviceUse = allow(ROLE, ['kms:Encrypt', 'kms:Decrypt']);

async function ledgerWith(
  statements: object[],
  grants: object[] = [],
  iam = iamXml(),
  parameters = {},
): Promise<AwsLedger> {
  const ledger = newAwsLedger();
  await ledger.engagement(parameters);
  await ledger.lists([1]);
  await ledger.describe(1);
  await ledger.policy(1, { Version: '2012-10-17', Statement: statements });
  await ledger.grants(1, grants);
  await ledger.ok('aws.iam.GetAccountAuthorizationDetails', { MaxItems: 1000 }, iam, {
    scope: `${ACCOUNT}/global`,
  });
  return ledger;
}

/** IAM answers in XML, documents percent-encoded. */
function iamXml(userPolicies: object[] = []): string {
  const trust = encodeURIComponent(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    }),
  );
  const inline = userPolicies
    .map(
      (s, i) =>
        `<member><PolicyName>p${i}</PolicyName><PolicyDocument>${encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement: [s] }))}</PolicyDocument></member>`,
    )
    .join('');
  return `<GetAccountAuthorizationDetailsResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetAccountAuthorizationDetailsResult>
    <IsTruncated>false</IsTruncated>
    <UserDetailList><member><Path>/</Path><UserName>bob</UserName><UserId>AIDABOB</UserId><Arn>${USER}</Arn><CreateDate>2024-01-01T00:00:00Z</CreateDate><GroupList/><AttachedManagedPolicies/>${inline ? `<UserPolicyList>${inline}</UserPolicyList>` : ''}</member></UserDetailList>
    <GroupDetailList/>
    <RoleDetailList><member><Path>/</Path><RoleName>app</RoleName><RoleId>AROAAPP</RoleId><Arn>${ROLE}</Arn><CreateDate>2024-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>${trust}</AssumeRolePolicyDocument><RolePolicyList/><AttachedManagedPolicies/></member></RoleDetailList>
    <Policies/></GetAccountAuthorizationDetailsResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetAccountAuthorizationDetailsResponse>`;
}

const outcome = (given: ReturnType<typeof answers>) => [given.collection.result, given.period.result];
const GRANT = {
  GrantId: 'g1',
  GranteePrincipal: ROLE,
  IssuingAccount: ROOT,
  Operations: ['Decrypt', 'CreateGrant'],
};
const CLOSED = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdef1234' } } };

const cases: [Control, { bad: () => Promise<AwsLedger>; who: string }][] = [
  [
    keyPolicyPublic,
    { bad: () => ledgerWith([delegation, allow('*', 'kms:Decrypt')]), who: 'anyone with an AWS account' },
  ],
  [wildcardPrincipals, { bad: () => ledgerWith([delegation, allow('*', 'kms:Decrypt', CLOSED)]), who: '*' }],
  [
    keyPolicyCrossAccount,
    { bad: () => ledgerWith([delegation, allow(`arn:aws:iam::${OTHER}:root`, 'kms:Decrypt')]), who: OTHER },
  ],
  [grantsUnconstrained, { bad: () => ledgerWith([delegation], [GRANT]), who: ROLE }],
  [administratorsWhoUse, { bad: () => ledgerWith([delegation, allow(ROLE, 'kms:*')]), who: ROLE }],
  [humansWithUse, { bad: () => ledgerWith([delegation, allow(USER, 'kms:Decrypt')]), who: USER }],
];

describe.each(cases)('$id', (control, { bad, who }) => {
  it('passes for a key that only a service role uses, throughout with complete logs', async () => {
    const given = answers(await ledgerWith([delegation, serviceUse]), control, { logs: logs() });
    expect(outcome(given)).toEqual(['pass', 'pass']);
    expect(given.collection.cites.length).toBeGreaterThan(1);
  });

  it('is an exception that names who and through what', async () => {
    const given = answers(await bad(), control, { logs: logs() });
    expect(outcome(given)).toEqual(['exception', 'exception']);
    expect(given.collection.reason).toContain(who);
  });

  it('is undetermined with the provider’s code when what decides it was refused', async () => {
    const ledger = newAwsLedger();
    await ledger.engagement();
    await ledger.lists([1]);
    await ledger.describe(1);
    for (const op of ['GetKeyPolicy', 'ListGrants']) {
      await ledger.fails(`aws.kms.${op}`, { KeyId: keyArn(1) }, 'AccessDeniedException');
    }
    const given = answers(ledger, control, { logs: logs() });
    expect(outcome(given)).toEqual(['undetermined', 'undetermined']);
    expect(given.collection.code).toBe('AccessDeniedException');
  });

  it('cannot vouch for the period without logs', async () => {
    expect(outcome(answers(await ledgerWith([delegation, serviceUse]), control))).toEqual([
      'pass',
      'undetermined',
    ]);
  });
});

describe('access in the period', () => {
  it('asks for the earlier state when the policy was changed', async () => {
    const ledger = await ledgerWith([delegation, serviceUse]);
    const changed = logs([change('PutKeyPolicy', '2026-02-02')]);
    const given = answers(ledger, keyPolicyPublic, { logs: changed });
    expect(outcome(given)).toEqual(['pass', 'evidence-required']);
    expect(given.period.reason).toContain('PutKeyPolicy on 2026-02-02 by');
  });

  it('does not blame the period for what was changed after it', async () => {
    const ledger = await ledgerWith([delegation, allow('*', 'kms:Decrypt')]);
    const after = logs([change('PutKeyPolicy', '2026-07-01T08:00:00Z')]);
    expect(outcome(answers(ledger, keyPolicyPublic, { logs: after }))).toEqual(['exception', 'undetermined']);
  });
});

describe('key-policy-cross-account', () => {
  it('passes for an account that the client approved', async () => {
    const ledger = await ledgerWith(
      [delegation, allow(`arn:aws:iam::${OTHER}:root`, 'kms:Decrypt')],
      [],
      iamXml(),
      {
        approvedAccounts: { value: [OTHER], clause: '7' },
      },
    );
    expect(answers(ledger, keyPolicyCrossAccount).collection.result).toBe('pass');
  });
});

describe('grants-unconstrained', () => {
  it('passes for a grant that an encryption context binds, and for one to a service', async () => {
    const bound = { ...GRANT, Constraints: { EncryptionContextSubset: { a: 'b' } } };
    const service = { ...GRANT, GrantId: 'g2', GranteePrincipal: 'dynamodb.amazonaws.com' };
    expect(
      answers(await ledgerWith([delegation], [bound, service]), grantsUnconstrained).collection.result,
    ).toBe('pass');
  });
});

describe('iam-decrypt-all-keys', () => {
  const all = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' };

  it('names the policy and whom it is attached to', async () => {
    const ledger = await ledgerWith([delegation], [], iamXml([all]));
    const given = answers(ledger, iamDecryptAllKeys, { subject: ACCOUNT, logs: logs() });
    expect(outcome(given)).toEqual(['exception', 'exception']);
    expect(given.collection.reason).toContain(`${USER} through policy ${USER}#p0`);
  });

  it('passes when no policy reaches all keys, and is undetermined when IAM was refused', async () => {
    const narrow = await ledgerWith([delegation], [], iamXml([{ ...all, Resource: keyArn(1) }]));
    expect(outcome(answers(narrow, iamDecryptAllKeys, { subject: ACCOUNT, logs: logs() }))).toEqual([
      'pass',
      'pass',
    ]);
    const refused = newAwsLedger();
    await refused.engagement();
    await refused.lists([1]);
    await refused.describe(1);
    await refused.fails('aws.iam.GetAccountAuthorizationDetails', {}, 'AccessDenied', {
      scope: `${ACCOUNT}/global`,
      httpStatus: 403,
    });
    const given = answers(refused, iamDecryptAllKeys, { subject: ACCOUNT, logs: logs() });
    expect(outcome(given)).toEqual(['undetermined', 'undetermined']);
    expect(given.collection.reason).toContain('AccessDenied');
  });
});

describe('access matrix', () => {
  it('lists principal, right and the way to it, citing policy, grants and IAM', async () => {
    const ledger = await ledgerWith([delegation, serviceUse]);
    answers(ledger, keyPolicyPublic);
    const paths = accessPathsOf(ledger.db, SNAPSHOT, keyArn(1));
    expect(paths.find((p) => p.principal === ROLE && p.use_kind === 'decrypt')).toMatchObject({
      ...{ access: 'use', principal_kind: 'service', certainty: 'allowed', conditions: null },
      via: 'key policy statement Statement[1]',
    });
    expect(paths[0]!.cites.length).toBeGreaterThanOrEqual(3);
  });
});
