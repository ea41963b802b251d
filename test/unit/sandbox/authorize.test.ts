import { describe, expect, it } from 'vitest';
import { authorize, type ResourceSide } from '../../../electron/sandbox/aws/authorize.ts';
import { conditionsHold } from '../../../electron/sandbox/aws/conditions.ts';
import type { Caller } from '../../../electron/sandbox/aws/identities.ts';
import { matches } from '../../../electron/sandbox/aws/patterns.ts';
import type { PolicyDocument, PolicyStatement } from '../../../electron/sandbox/company/types.ts';

const ACCOUNT = '111122223333';
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`;
const policy = (...statements: PolicyStatement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});
const allows = (action: string | string[], more: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Effect: 'Allow',
  Action: action,
  Resource: '*',
  ...more,
});
const denies = (action: string, more: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Effect: 'Deny',
  Action: action,
  Resource: '*',
  ...more,
});
const caller = (policies: PolicyDocument[], more: Partial<Caller> = {}): Caller => ({
  accountId: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/R/s`,
  principalArn: `arn:aws:iam::${ACCOUNT}:role/R`,
  principalId: 'AROAEXAMPLE',
  userId: 'AROAEXAMPLE:s',
  organizationId: 'o-1',
  policies,
  ...more,
});
const key = (...statements: PolicyStatement[]): ResourceSide => ({
  accountId: ACCOUNT,
  policy: policy(...statements),
  delegates: 'by-policy',
});
const toRoot = allows('kms:*', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } });
const decide = (who: Caller, side?: ResourceSide, action = 'kms:DescribeKey'): string => {
  try {
    authorize({ caller: who, action, resource: side ? KEY : '*' }, side);
    return 'allowed';
  } catch (error) {
    return (error as Error).message.replace(/^.* on resource: \S+ /, '');
  }
};

describe('the decision about a KMS key', () => {
  it('needs IAM to allow when the key policy leaves it to the account', () => {
    expect(decide(caller([policy(allows('kms:Describe*'))]), key(toRoot))).toBe('allowed');
    expect(decide(caller([]), key(toRoot))).toBe(
      'because no identity-based policy allows the kms:DescribeKey action',
    );
  });
  it('is not moved by IAM when the key policy does not leave it to the account', () => {
    expect(
      decide(
        caller([policy(allows('*'))]),
        key(allows('kms:*', { Principal: { AWS: 'arn:aws:iam::111122223333:user/tom' } })),
      ),
    ).toBe('because no resource-based policy allows the kms:DescribeKey action');
  });
  it.each(['arn:aws:iam::111122223333:role/R', 'AROAEXAMPLE', '*'])(
    'needs no IAM policy when the key policy names %s',
    (name) => {
      expect(decide(caller([]), key(allows('kms:DescribeKey', { Principal: { AWS: name } })))).toBe(
        'allowed',
      );
    },
  );
  it('lets an explicit deny win from either side', () => {
    const all = caller([policy(allows('*'))]);
    expect(decide(all, key(toRoot, denies('kms:Describe*', { Principal: { AWS: all.principalArn } })))).toBe(
      'with an explicit deny in a resource-based policy',
    );
    expect(decide(caller([policy(allows('*'), denies('kms:*'))]), key(toRoot))).toBe(
      'with an explicit deny in an identity-based policy',
    );
  });
  it('keeps a principal inside its permissions boundary', () => {
    expect(decide(caller([policy(allows('*'))], { boundary: policy(allows('s3:*')) }), key(toRoot))).toBe(
      'because no permissions boundary allows the kms:DescribeKey action',
    );
  });
  it('needs both sides for another account', () => {
    const other = caller([policy(allows('kms:*'))], {
      accountId: '999988887777',
      principalArn: 'arn:aws:iam::999988887777:role/P',
    });
    const shared = key(
      toRoot,
      allows('kms:DescribeKey', { Principal: { AWS: 'arn:aws:iam::999988887777:root' } }),
    );
    expect(decide(other, key(toRoot))).toContain('no resource-based policy');
    expect(decide(other, shared)).toBe('allowed');
    expect(decide({ ...other, policies: [] }, shared)).toContain('no identity-based policy');
  });
  it('needs no IAM policy of nobody when there is no resource', () => {
    expect(decide(caller([policy(allows('kms:ListKeys'))]), undefined, 'kms:ListKeys')).toBe('allowed');
    expect(decide(caller([policy(allows('kms:ListAliases'))]), undefined, 'kms:ListKeys')).toContain(
      'no identity-based policy',
    );
  });
  it('reads NotAction and NotResource as everything else', () => {
    expect(
      decide(caller([policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })]), key(toRoot)),
    ).toBe('allowed');
    expect(
      decide(caller([policy({ Effect: 'Allow', Action: '*', NotResource: KEY })]), key(toRoot)),
    ).toContain('no identity-based policy');
  });
});

describe('conditions', () => {
  it.each([
    ['StringEquals', 'eu', { 'aws:x': 'eu' }, true],
    ['StringEquals', 'eu', {}, false],
    ['StringEqualsIfExists', 'eu', {}, true],
    ['StringNotEquals', 'eu', {}, true],
    ['StringNotEquals', 'eu', { 'aws:x': 'eu' }, false],
    ['StringLike', 's3.*.amazonaws.com', { 'aws:x': 's3.eu-west-1.amazonaws.com' }, true],
    ['Bool', 'true', { 'aws:x': 'false' }, false],
    ['Null', 'true', {}, true],
    ['Null', 'true', { 'aws:x': 'y' }, false],
    ['SomethingNew', 'eu', { 'aws:x': 'eu' }, false],
  ])('%s %s with %j is %s', (operator, wanted, context, expected) => {
    expect(conditionsHold({ [operator]: { 'aws:X': wanted } }, context as Record<string, string>)).toBe(
      expected,
    );
  });
});

describe('wildcards', () => {
  it.each([
    ['kms:Get*', 'kms:GetKeyPolicy', true],
    ['kms:Get*', 'kms:ListKeys', false],
    ['arn:aws:s3:::a.b/*', 'arn:aws:s3:::axb/k', false],
    ['?ms:*', 'kms:x', true],
  ])('%s matches %s: %s', (pattern, text, expected) => expect(matches(pattern, text)).toBe(expected));
  it('ignores case for actions only', () => {
    expect(matches('KMS:describekey', 'kms:DescribeKey', true)).toBe(true);
    expect(matches('ABC', 'abc')).toBe(false);
  });
});
