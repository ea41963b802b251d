import { describe, expect, it } from 'vitest';
import { evaluateAwsAccess } from '../../../../electron/access/aws/access-paths.ts';
import type { AwsKey } from '../../../../electron/access/aws/model.ts';
import {
  allow,
  build,
  delegate,
  deny,
  may,
  mayNot,
  OTHER,
  OWN,
  policy,
  root,
  roleArn,
  userArn,
} from './world.ts';
import type { Statement, World } from './world.ts';

const REGIONS = ['us-west-2', 'eu-west-1'];

interface KeySpec extends Partial<AwsKey> {
  statements?: Statement[];
}

/** Keys 0, 1, 2 … and who may decrypt with which of them. */
function decrypting(world: World, specs: KeySpec[], principal: string): number[] {
  const base = build(world);
  const keys = specs.map(({ statements, ...fields }, i) => ({
    ...base.keys[0]!,
    arn: arn(i, fields.region),
    policy: policy(...(statements ?? [delegate])),
    ...fields,
  }));
  const paths = [...evaluateAwsAccess({ ...base, keys }).paths()];
  const able = paths.filter(
    (path) => path.principal.id === principal && path.actions.includes('kms:Decrypt'),
  );
  return [...new Set(able.map((path) => keys.findIndex((key) => key.arn === path.key)))].sort();
}

const arn = (i: number, region = 'us-west-2'): string =>
  `arn:aws:kms:${region}:${OWN}:key/0000000${i}-12ab-34cd-56ef-1234567890ab`;

const A = userArn('alice');
const alice = (...inline: Statement[]): World => ({ users: [{ name: 'alice', inline }] });

describe('keys that share answers', () => {
  it('differ where their policies differ for everyone', () => {
    const keys = [
      {},
      { statements: [delegate, deny('*', 'kms:Decrypt')] },
      {},
      { statements: [allow(root(), 'kms:Encrypt')] },
    ];
    expect(decrypting(alice(may('kms:*')), [...keys, ...keys], A)).toEqual([0, 2, 4, 6]);
  });

  it('differ where the policy names the principal', () => {
    const keys = [{}, { statements: [delegate, deny(A, 'kms:Decrypt')] }, {}];
    expect(decrypting(alice(may('kms:*')), keys, A)).toEqual([0, 2]);
  });

  it('differ where an IAM policy denies one key by ARN', () => {
    expect(decrypting(alice(may('kms:*'), mayNot('kms:*', arn(1))), [{}, {}, {}], A)).toEqual([0, 2]);
  });

  it('differ where an IAM policy allows two keys by ARN', () => {
    expect(decrypting(alice(may('kms:*', [arn(1), arn(2)])), [{}, {}, {}], A)).toEqual([1, 2]);
  });

  it('differ where a boundary leaves one key', () => {
    const world: World = {
      users: [{ name: 'alice', inline: [may('kms:*')], boundary: 'B' }],
      managed: { B: [may('kms:*', arn(1))] },
    };
    expect(decrypting(world, [{}, {}, {}], A)).toEqual([1]);
  });

  it('differ where a service control policy denies one key', () => {
    expect(
      decrypting({ ...alice(may('kms:*')), scp: [[may('*'), mayNot('kms:*', arn(0))]] }, [{}, {}], A),
    ).toEqual([1]);
  });

  it('differ by region', () => {
    const keys = REGIONS.flatMap((region) => [{ region }, { region }]);
    expect(decrypting(alice(may('kms:*', `arn:aws:kms:eu-west-1:${OWN}:key/*`)), keys, A)).toEqual([2, 3]);
  });

  it('differ by tag', () => {
    const tagged = (value: string): KeySpec => ({ tags: [{ TagKey: 'env', TagValue: value }] });
    const world = alice(may('kms:*', '*', { StringEquals: { 'aws:ResourceTag/env': 'test' } }));
    expect(decrypting(world, [tagged('prod'), tagged('test'), tagged('test'), { tags: [] }], A)).toEqual([
      1, 2,
    ]);
  });

  it('differ by tag in a denial', () => {
    const tagged = (value: string): KeySpec => ({ tags: [{ TagKey: 'env', TagValue: value }] });
    const world = alice(
      may('kms:*'),
      mayNot('kms:Decrypt', '*', { StringEquals: { 'aws:ResourceTag/env': 'prod' } }),
    );
    expect(decrypting(world, [tagged('prod'), tagged('test'), tagged('prod')], A)).toEqual([1]);
  });

  it('differ by alias in the key policy', () => {
    const statements = [
      allow(root(), 'kms:*', { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/app-*' } }),
    ];
    const keys = [
      { statements, aliases: ['alias/app-1'] },
      { statements, aliases: ['alias/web-1'] },
      { statements, aliases: [] },
    ];
    expect(decrypting(alice(may('kms:*')), keys, A)).toEqual([0]);
  });

  it('differ by usage', () => {
    const keys = [
      { keyUsage: 'ENCRYPT_DECRYPT' },
      { keyUsage: 'SIGN_VERIFY' },
      { keyUsage: 'ENCRYPT_DECRYPT' },
    ];
    expect(decrypting(alice(may('kms:*')), keys, A)).toEqual([0, 2]);
  });

  it('differ by grant', () => {
    const grants = [{ GrantId: 'g', GranteePrincipal: roleArn('app'), Operations: ['Decrypt'] }];
    expect(decrypting({ roles: [{ name: 'app' }] }, [{}, { grants }, {}], roleArn('app'))).toEqual([1]);
  });

  it('differ by account', () => {
    const other = {
      accountId: OTHER,
      arn: arn(1).replace(OWN, OTHER),
      statements: [allow(root(OTHER), 'kms:*')],
    };
    expect(decrypting({ ...alice(may('kms:*')), accounts: [OWN, OTHER] }, [{}, other], A)).toEqual([0]);
  });

  it('differ where one policy could not be read', () => {
    const base = build(alice(may('kms:Decrypt')));
    const keys = [0, 1, 2].map((i) => ({
      ...base.keys[0]!,
      arn: arn(i),
      ...(i === 1 ? { policy: null } : {}),
    }));
    const certainty = [...evaluateAwsAccess({ ...base, keys }).paths()]
      .filter((path) => path.principal.id === A)
      .map((path) => path.certainty);
    expect(certainty).toEqual(['allowed', 'unknown', 'allowed']);
  });

  it('are answered once for all that nothing tells apart, in time and memory that do not grow with them', () => {
    const users = Array.from({ length: 300 }, (_, i) => ({ name: `u${i}`, inline: [may('kms:*')] }));
    const base = build({ users });
    const keys = Array.from({ length: 2000 }, (_, i) => ({
      ...base.keys[0]!,
      arn: arn(i),
      policy: policy(delegate),
    }));
    const chunks = [...evaluateAwsAccess({ ...base, keys }).chunks()];
    expect(chunks.map(({ key }) => key)).toEqual(keys.map((key) => key.arn));
    expect(new Set(chunks.map(({ paths }) => paths)).size).toBe(1);
    const alone = [...evaluateAwsAccess({ ...base, keys: keys.slice(0, 1) }).chunks()].flatMap(
      ({ paths }) => paths,
    );
    expect(chunks[0]!.paths).toEqual(alone);
  });
});
