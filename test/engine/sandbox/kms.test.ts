import {
  DescribeCustomKeyStoresCommand,
  DescribeKeyCommand,
  GetKeyLastUsageCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeyPoliciesCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  paginateListAliases,
  paginateListGrants,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf } from '../../../electron/sandbox/company/company.ts';
import { startSandbox, type Sandbox } from '../../../electron/sandbox/index.ts';
import { AS_OF, clients, refusal } from './clients.ts';

let sandbox: Sandbox;
let kms: KMSClient;
const id = (story: string): { KeyId: string } => ({ KeyId: keyOf(sandbox.company, story).keyId });

beforeAll(async () => {
  sandbox = await startSandbox({ asOf: AS_OF });
  kms = clients(sandbox).kms;
});
afterAll(() => sandbox.close());

describe('lists and pages', () => {
  it('pages keys to the end, each once, the deleted ones absent', async () => {
    const seen: string[] = [];
    let pages = 0;
    for await (const page of paginateListKeys({ client: kms, pageSize: 7 }, {})) {
      pages++;
      seen.push(...page.Keys!.map((key) => key.KeyArn!));
    }
    const there = sandbox.company.keys.filter(
      (key) => key.accountId === '111122223333' && key.region === 'us-east-1' && key.deletedAt === undefined,
    );
    expect(pages).toBe(Math.ceil(there.length / 7));
    expect(seen.toSorted()).toEqual(there.map((key) => key.arn).toSorted());
  });

  it('pages 126 grants to a key by at most 100', async () => {
    const sizes: number[] = [];
    const grants = new Set<string>();
    for await (const page of paginateListGrants({ client: kms, pageSize: 100 }, id('grants-to-services'))) {
      sizes.push(page.Grants!.length);
      for (const grant of page.Grants!) grants.add(grant.GrantId!);
    }
    expect(sizes).toEqual([100, 26]);
    expect(grants.size).toBe(126);
    expect((await kms.send(new ListGrantsCommand(id('grants-to-services')))).Grants).toHaveLength(50);
  });

  it('finds grants by id and by grantee, and shows no ended grant', async () => {
    const { Grants } = await kms.send(new ListGrantsCommand(id('grant-unconstrained')));
    expect(Grants).toMatchObject([
      { Name: 'photo-pipeline', Operations: ['Decrypt', 'Encrypt', 'CreateGrant'] },
    ]);
    expect(Grants![0]!.Constraints).toBeUndefined();
    expect(
      (await kms.send(new ListGrantsCommand({ ...id('grant-unconstrained'), GrantId: Grants![0]!.GrantId })))
        .Grants,
    ).toHaveLength(1);
    expect(
      (
        await kms.send(
          new ListGrantsCommand({
            ...id('grants-to-services'),
            GranteeServicePrincipal: 'rds.amazonaws.com',
            Limit: 100,
          }),
        )
      ).Grants,
    ).toHaveLength(42);
    const ended = await clients(sandbox, 'eu-west-1').kms.send(new ListGrantsCommand(id('grants-ended')));
    expect(ended.Grants).toEqual([]);
  });

  it('lists aliases of the whole Region, predefined ones without a key among them', async () => {
    const aliases = [];
    for await (const page of paginateListAliases({ client: kms, pageSize: 5 }, {}))
      aliases.push(...page.Aliases!);
    expect(
      aliases.filter((alias) => alias.TargetKeyId === undefined).map((alias) => alias.AliasName),
    ).toEqual(['alias/aws/dynamodb', 'alias/aws/lambda']);
    expect(aliases.find((alias) => alias.AliasName === 'alias/aws/acm')?.TargetKeyId).toBe(
      keyOf(sandbox.company, 'aws-managed-acm-111122223333-us-east-1').keyId,
    );
    const one = await kms.send(new ListAliasesCommand(id('rotation-on')));
    expect(one.Aliases!.map((alias) => alias.AliasName)).toEqual(['alias/orders-db']);
  });

  it('refuses sizes out of range and markers of another list', async () => {
    const { NextMarker } = await kms.send(new ListKeysCommand({ Limit: 2 }));
    expect(await refusal(kms.send(new ListKeysCommand({ Limit: 1001 })))).toBe('ValidationException 400');
    expect(await refusal(kms.send(new ListKeysCommand({ Limit: 0 })))).toBe('ValidationException 400');
    expect(await refusal(kms.send(new ListAliasesCommand({ Limit: 101 })))).toBe('ValidationException 400');
    expect(await refusal(kms.send(new ListResourceTagsCommand({ ...id('rotation-on'), Limit: 51 })))).toBe(
      'ValidationException 400',
    );
    expect(await refusal(kms.send(new ListKeysCommand({ Marker: 'AAAA' })))).toBe(
      'InvalidMarkerException 400',
    );
    expect(await refusal(kms.send(new ListAliasesCommand({ Marker: NextMarker })))).toBe(
      'InvalidMarkerException 400',
    );
    expect(
      await refusal(clients(sandbox, 'eu-west-1').kms.send(new ListKeysCommand({ Marker: NextMarker }))),
    ).toBe('InvalidMarkerException 400');
  });
});

describe('one key', () => {
  it('is found by id, ARN and alias; policies and tags are not found by alias', async () => {
    const key = keyOf(sandbox.company, 'rotation-on');
    for (const name of [
      key.keyId,
      key.arn,
      'alias/orders-db',
      'arn:aws:kms:us-east-1:111122223333:alias/orders-db',
    ]) {
      expect((await kms.send(new DescribeKeyCommand({ KeyId: name }))).KeyMetadata!.Arn).toBe(key.arn);
    }
    expect(await refusal(kms.send(new GetKeyPolicyCommand({ KeyId: 'alias/orders-db' })))).toBe(
      'NotFoundException 400',
    );
  });

  it.each([
    '00000000-0000-4000-8000-000000000000',
    'nonsense',
    'alias/none',
    'alias/aws/lambda',
    'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000000',
  ])('is not found by %s', async (name) => {
    expect(await refusal(kms.send(new DescribeKeyCommand({ KeyId: name })))).toBe('NotFoundException 400');
  });

  it('is refused by a broken ARN, and another account learns nothing of it', async () => {
    expect(await refusal(kms.send(new DescribeKeyCommand({ KeyId: 'arn:aws:kms:us-east-1' })))).toBe(
      'InvalidArnException 400',
    );
    const trailKey = keyOf(sandbox.company, 'trail-logs').arn;
    const central = clients(sandbox, 'eu-central-1').kms;
    expect(await refusal(central.send(new DescribeKeyCommand({ KeyId: trailKey })))).toBe(
      'AccessDeniedException 400',
    );
    expect(
      await refusal(
        central.send(new DescribeKeyCommand({ KeyId: trailKey.replace(/.{12}$/, '000000000000') })),
      ),
    ).toBe('AccessDeniedException 400');
    expect(await refusal(central.send(new GetKeyPolicyCommand({ KeyId: trailKey })))).toBe(
      'AccessDeniedException 400',
    );
  });

  it('that was deleted is not known any more', async () => {
    expect(await refusal(kms.send(new DescribeKeyCommand(id('deleted-in-period'))))).toBe(
      'NotFoundException 400',
    );
  });

  it('describes what it is: state, origin, store, family, expiry', async () => {
    const describe = async (story: string) =>
      (
        await clients(sandbox, keyOf(sandbox.company, story).region).kms.send(
          new DescribeKeyCommand(id(story)),
        )
      ).KeyMetadata!;
    expect(await describe('pending-deletion')).toMatchObject({
      KeyState: 'PendingDeletion',
      Enabled: false,
      DeletionDate: expect.any(Date) as Date,
    });
    expect(await describe('imported-expiring-soon')).toMatchObject({
      Origin: 'EXTERNAL',
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: expect.any(Date) as Date,
    });
    const expired = await describe('imported-expired');
    expect([expired.KeyState, expired.ValidTo, expired.ExpirationModel]).toEqual([
      'PendingImport',
      undefined,
      undefined,
    ]);
    expect(await describe('cloudhsm')).toMatchObject({
      Origin: 'AWS_CLOUDHSM',
      CustomKeyStoreId: expect.stringMatching(/^cks-/) as string,
      CloudHsmClusterId: expect.stringMatching(/^cluster-/) as string,
    });
    expect(await describe('external-key-store')).toMatchObject({
      Origin: 'EXTERNAL_KEY_STORE',
      XksKeyConfiguration: { Id: expect.stringMatching(/^mf-/) as string },
    });
    const replica = await describe('multi-region-replica-eu-west-1');
    expect(replica.MultiRegionConfiguration).toMatchObject({
      MultiRegionKeyType: 'REPLICA',
      PrimaryKey: { Region: 'us-east-1' },
    });
    expect(replica.KeyId).toBe(keyOf(sandbox.company, 'multi-region-primary').keyId);
    expect(replica.CurrentKeyMaterialId).toBe((await describe('multi-region-primary')).CurrentKeyMaterialId);
    expect(await describe('hmac-256')).toMatchObject({
      KeyUsage: 'GENERATE_VERIFY_MAC',
      MacAlgorithms: ['HMAC_SHA_256'],
    });
    expect((await describe('rsa-2048-sign')).SigningAlgorithms).toHaveLength(6);
  });

  it('gives its policy as the text that was put, and refuses other policy names', async () => {
    const answer = await kms.send(new GetKeyPolicyCommand(id('public-policy')));
    expect(answer).toMatchObject({
      PolicyName: 'default',
      Policy: keyOf(sandbox.company, 'public-policy').policy,
    });
    expect(JSON.parse(answer.Policy!)).toMatchObject({ Version: '2012-10-17' });
    expect(
      await refusal(kms.send(new GetKeyPolicyCommand({ ...id('public-policy'), PolicyName: 'other' }))),
    ).toBe('NotFoundException 400');
    expect((await kms.send(new ListKeyPoliciesCommand(id('public-policy')))).PolicyNames).toEqual([
      'default',
    ]);
  });

  it('shows its rotations with and without the first material', async () => {
    const key = keyOf(sandbox.company, 'rotation-90');
    const all = (
      await kms.send(
        new ListKeyRotationsCommand({ ...id('rotation-90'), IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
      )
    ).Rotations!;
    const past = (await kms.send(new ListKeyRotationsCommand(id('rotation-90')))).Rotations!;
    expect(all.map((rotation) => rotation.KeyMaterialId)).toEqual(
      key.materials.map((material) => material.id).toReversed(),
    );
    expect(past).toHaveLength(all.length - 1);
    expect(all[0]).toMatchObject({ KeyMaterialState: 'CURRENT', RotationType: 'AUTOMATIC' });
    expect(all.at(-1)!.RotationDate).toBeUndefined();
    expect(await refusal(kms.send(new ListKeyRotationsCommand(id('ecc-p256-sign'))))).toBe(
      'UnsupportedOperationException 400',
    );
    const onDemand = await clients(sandbox, 'eu-central-1').kms.send(
      new ListKeyRotationsCommand(id('rotation-on-demand')),
    );
    expect(onDemand.Rotations!.map((rotation) => rotation.RotationType)).toEqual(['ON_DEMAND', 'ON_DEMAND']);
  });

  it('tells its last use, or that it was never used since it is tracked', async () => {
    const used = await kms.send(new GetKeyLastUsageCommand(id('rotation-on')));
    expect(used.KeyLastUsage).toMatchObject({
      Operation: 'Decrypt',
      CloudTrailEventId: keyOf(sandbox.company, 'rotation-on').lastUse!.eventId,
    });
    const never = await kms.send(new GetKeyLastUsageCommand(id('never-used')));
    expect(never.KeyLastUsage).toEqual({});
    expect(never.TrackingStartDate).toEqual(never.KeyCreationDate);
    const unknown = await clients(sandbox, 'eu-west-1').kms.send(
      new GetKeyLastUsageCommand(id('unused-since-tracking-began')),
    );
    expect(unknown.KeyLastUsage).toEqual({});
    expect(unknown.KeyCreationDate!.getTime()).toBeLessThan(unknown.TrackingStartDate!.getTime());
  });

  it('lists the custom key stores of the Region, and refuses an unknown one', async () => {
    expect((await kms.send(new DescribeCustomKeyStoresCommand({}))).CustomKeyStores).toMatchObject([
      { CustomKeyStoreType: 'AWS_CLOUDHSM', ConnectionState: 'CONNECTED' },
    ]);
    expect(
      (await clients(sandbox, 'eu-west-1').kms.send(new DescribeCustomKeyStoresCommand({}))).CustomKeyStores,
    ).toMatchObject([{ ConnectionState: 'FAILED', ConnectionErrorCode: 'INSUFFICIENT_CLOUDHSM_HSMS' }]);
    expect(await refusal(kms.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreId: 'cks-0' })))).toBe(
      'CustomKeyStoreNotFoundException 400',
    );
  });
});

describe('the ten-key truth table', () => {
  it('is what the API answers, the denied row denied to the auditor and told to the administrator', async () => {
    const admin = clients(sandbox, 'us-east-1', sandbox.aws.credentials.admin).kms;
    for (const row of sandbox.company.truthTable) {
      const status = async (client: KMSClient): Promise<string> => {
        try {
          return (await client.send(new GetKeyRotationStatusCommand({ KeyId: row.keyArn })))
            .KeyRotationEnabled
            ? 'on'
            : 'off';
        } catch (error) {
          return (error as Error).name;
        }
      };
      const expected = {
        on: 'on',
        off: 'off',
        'not-eligible': 'UnsupportedOperationException',
        'not-possible': 'UnsupportedOperationException',
        disabled: 'off',
        'pending-deletion': 'off',
      }[row.rotation];
      expect([row.story, await status(admin)]).toEqual([row.story, expected]);
      expect([row.story, await status(kms)]).toEqual([
        row.story,
        row.rotationDenied ? 'AccessDeniedException' : expected,
      ]);
      const usage = await kms.send(new GetKeyLastUsageCommand({ KeyId: row.keyArn }));
      expect([row.story, usage.KeyLastUsage?.Operation !== undefined]).toEqual([row.story, row.everUsed]);
    }
  });
});
