import { ListRegionsCommand } from '@aws-sdk/client-account';
import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { GetAccountAuthorizationDetailsCommand, ListAccountAliasesCommand } from '@aws-sdk/client-iam';
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  ListKeysCommand,
  ListKeyRotationsCommand,
} from '@aws-sdk/client-kms';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf } from '../../../electron/sandbox/company/company.ts';
import { startSandbox, type Sandbox } from '../../../electron/sandbox/index.ts';
import { AS_OF, clients, refusal } from './clients.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ asOf: AS_OF });
});
afterAll(() => sandbox.close());

describe('who signed', () => {
  const answers = async (
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
    region = 'us-east-1',
  ): Promise<string[]> => {
    const { kms, sts, account } = clients(sandbox, region, credentials);
    return [
      await refusal(kms.send(new ListKeysCommand({}))),
      await refusal(sts.send(new GetCallerIdentityCommand({}))),
      await refusal(account.send(new ListRegionsCommand({}))),
    ];
  };

  it('is answered when key, secret and Region are right', async () => {
    expect(await answers(sandbox.aws.credentials.auditor)).toEqual(['answered', 'answered', 'answered']);
    expect(await answers(sandbox.aws.credentials.auditorSecurity)).toEqual([
      'answered',
      'answered',
      'answered',
    ]);
  });
  it('is refused with an unknown access key', async () => {
    expect(await answers({ accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' })).toEqual([
      'UnrecognizedClientException 400',
      'InvalidClientTokenId 403',
      'UnrecognizedClientException 403',
    ]);
  });
  it('is refused with a wrong secret', async () => {
    expect(await answers({ ...sandbox.aws.credentials.auditor, secretAccessKey: 'wrong' })).toEqual([
      'InvalidSignatureException 400',
      'SignatureDoesNotMatch 403',
      'InvalidSignatureException 403',
    ]);
  });
  it('is refused with an expired session', async () => {
    expect(await answers(sandbox.aws.credentials.expired)).toEqual([
      'ExpiredTokenException 400',
      'ExpiredToken 403',
      'ExpiredTokenException 403',
    ]);
  });
  it('is refused with a session token that is missing or of another session', async () => {
    const { accessKeyId, secretAccessKey } = sandbox.aws.credentials.auditorSecurity;
    expect((await answers({ accessKeyId, secretAccessKey }))[0]).toBe('UnrecognizedClientException 400');
    expect((await answers({ accessKeyId, secretAccessKey, sessionToken: 'other' }))[0]).toBe(
      'UnrecognizedClientException 400',
    );
  });
  it('is unknown in a Region that the account has not enabled', async () => {
    expect(await answers(sandbox.aws.credentials.auditor, 'af-south-1')).toEqual([
      'UnrecognizedClientException 400',
      'InvalidClientTokenId 403',
      'UnrecognizedClientException 403',
    ]);
  });
  it('is refused when nothing is signed, or the body is not the signed one', async () => {
    const unsigned = await fetch(sandbox.aws.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'TrentService.ListKeys' },
      body: '{}',
    });
    expect([unsigned.status, ((await unsigned.json()) as { __type: string }).__type]).toEqual([
      400,
      'MissingAuthenticationTokenException',
    ]);
    const { kms } = clients(sandbox);
    kms.middlewareStack.add(
      (next) => (args) => {
        (args.request as { body: string }).body = '{"Limit":5}';
        (args.request as { headers: Record<string, string> }).headers['content-length'] = '11';
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    expect(await refusal(kms.send(new ListKeysCommand({})))).toBe('InvalidSignatureException 400');
  });
  it('is refused when the signature is an hour old', async () => {
    const { kms } = clients(sandbox);
    kms.config.systemClockOffset = -3_600_000;
    expect(await refusal(kms.send(new ListKeysCommand({})))).toBe('InvalidSignatureException 400');
  });
});

describe('assuming the auditor role of the other account', () => {
  const assume = (more: object = {}) =>
    clients(sandbox).sts.send(
      new AssumeRoleCommand({
        RoleArn: sandbox.aws.securityRoleArn,
        RoleSessionName: 'audit-2026',
        ExternalId: sandbox.aws.externalId,
        ...more,
      }),
    );

  it('gives a session that reads that account', async () => {
    const before = Date.now();
    const { Credentials: given, AssumedRoleUser } = await assume({ DurationSeconds: 900 });
    expect(AssumedRoleUser!.Arn).toBe('arn:aws:sts::444455556666:assumed-role/KeywitnessAuditor/audit-2026');
    expect(given!.Expiration!.getTime() - before).toBeGreaterThan(899_000);
    expect(given!.Expiration!.getTime() - before).toBeLessThan(960_000);
    const credentials = {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    };
    const { sts, kms } = clients(sandbox, 'eu-central-1', credentials);
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '444455556666',
      Arn: AssumedRoleUser!.Arn,
    });
    expect(
      (await kms.send(new DescribeKeyCommand({ KeyId: 'alias/organization-trail' }))).KeyMetadata!
        .AWSAccountId,
    ).toBe('444455556666');
  });
  it('is refused without the external id, with a wrong one, and for a role that is not there', async () => {
    expect(await refusal(assume({ ExternalId: undefined }))).toBe('AccessDenied 403');
    expect(await refusal(assume({ ExternalId: 'guess' }))).toBe('AccessDenied 403');
    expect(await refusal(assume({ RoleArn: 'arn:aws:iam::444455556666:role/Nobody' }))).toBe(
      'AccessDenied 403',
    );
    expect(await refusal(assume({ RoleArn: 'arn:aws:iam::444455556666:role/siem-forwarder' }))).toBe(
      'AccessDenied 403',
    );
    expect(await refusal(assume({ DurationSeconds: 60 }))).toBe('ValidationError 400');
  });
});

describe('what the auditor may not', () => {
  it('is every call on a key whose policy does not leave it to IAM, for the administrator too', async () => {
    const key = { KeyId: keyOf(sandbox.company, 'no-iam-delegation').keyId };
    for (const credentials of [sandbox.aws.credentials.auditor, sandbox.aws.credentials.admin]) {
      const { kms } = clients(sandbox, 'us-east-1', credentials);
      expect(await refusal(kms.send(new DescribeKeyCommand(key)))).toBe('AccessDeniedException 400');
    }
  });
  it('is the rotation status of aws/acm, which nobody may read', async () => {
    const { kms } = clients(sandbox, 'us-east-1', sandbox.aws.credentials.admin);
    expect(
      await refusal(
        kms.send(
          new GetKeyRotationStatusCommand({
            KeyId: keyOf(sandbox.company, 'aws-managed-acm-111122223333-us-east-1').keyId,
          }),
        ),
      ),
    ).toBe('AccessDeniedException 400');
    expect((await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/acm' }))).KeyMetadata!.KeyManager).toBe(
      'AWS',
    );
  });
  it('names caller, action, key and reason as AWS does', async () => {
    const key = keyOf(sandbox.company, 'rotation-denied');
    const { kms } = clients(sandbox);
    await expect(kms.send(new GetKeyRotationStatusCommand({ KeyId: key.keyId }))).rejects.toThrow(
      `User: arn:aws:iam::111122223333:user/keywitness-auditor is not authorized to perform: kms:GetKeyRotationStatus on resource: ${key.arn} with an explicit deny in a resource-based policy`,
    );
    expect((await kms.send(new ListKeyRotationsCommand({ KeyId: key.keyId }))).Rotations).toHaveLength(1);
  });
  it('is anything that changes or uses a key: the sandbox has no such operation', async () => {
    const { kms } = clients(sandbox, 'us-east-1', sandbox.aws.credentials.admin);
    expect(await refusal(kms.send(new CreateKeyCommand({})))).toBe('UnknownOperationException 400');
    expect(await refusal(kms.send(new DecryptCommand({ CiphertextBlob: new Uint8Array(8) })))).toBe(
      'UnknownOperationException 400',
    );
  });
  it('is decided by the policy a test gives for an access key', async () => {
    const only = await startSandbox({
      asOf: AS_OF,
      policies: {
        auditor: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: ['kms:List*', 'kms:DescribeKey'], Resource: '*' }],
        },
      },
    });
    try {
      const { kms, iam, cloudtrail, account } = clients(only);
      expect(await refusal(kms.send(new ListKeysCommand({})))).toBe('answered');
      expect(
        await refusal(
          kms.send(new GetKeyRotationStatusCommand({ KeyId: keyOf(only.company, 'rotation-on').keyId })),
        ),
      ).toBe('AccessDeniedException 400');
      expect(await refusal(iam.send(new GetAccountAuthorizationDetailsCommand({})))).toBe('AccessDenied 403');
      expect(await refusal(iam.send(new ListAccountAliasesCommand({})))).toBe('AccessDenied 403');
      expect(await refusal(cloudtrail.send(new DescribeTrailsCommand({})))).toBe('AccessDeniedException 400');
      expect(await refusal(account.send(new ListRegionsCommand({})))).toBe('AccessDeniedException 403');
    } finally {
      await only.close();
    }
  });
});
