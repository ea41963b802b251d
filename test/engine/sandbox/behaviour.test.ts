import {
  DescribeKeyCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { keyOf } from '../../../electron/sandbox/company/company.ts';
import { SandboxError } from '../../../electron/sandbox/company/frame.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../electron/sandbox/index.ts';
import { startSandboxProcess } from '../../../electron/sandbox/server/process.ts';
import { AS_OF, clients, refusal } from './clients.ts';

const open: { close(): Promise<void> }[] = [];
const start = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const sandbox = await startSandbox({ asOf: AS_OF, ...options });
  open.push(sandbox);
  return sandbox;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

/** Body and comparable headers of the answers to three fixed calls. */
async function transcript(sandbox: Sandbox): Promise<string[]> {
  const { kms } = clients(sandbox);
  const bodies: string[] = [];
  kms.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { statusCode, headers } = result.response as {
        statusCode: number;
        headers: Record<string, string>;
      };
      bodies.push(
        `${statusCode} ${headers['content-type']} ${headers['x-amzn-requestid']} ${headers['content-length']}`,
      );
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  for (const command of [new ListKeysCommand({}), new ListAliasesCommand({})])
    bodies.push(JSON.stringify(await kms.send(command)));
  const key = await kms.send(new DescribeKeyCommand({ KeyId: keyOf(sandbox.company, 'rotation-on').keyId }));
  return [...bodies, JSON.stringify(key)];
}

describe('the same seed', () => {
  it('gives identical answers, request ids included, and another seed does not', async () => {
    const first = await transcript(await start());
    expect(await transcript(await start())).toEqual(first);
    expect(await transcript(await start({ seed: 'other' }))).not.toEqual(first);
  });
});

describe('the request rate', () => {
  it('is limited per operation and Region to what a test sets, and recovers', async () => {
    const sandbox = await start({ quotas: { 'kms:ListKeys': 5 } });
    const { kms } = clients(sandbox);
    const answers = await Promise.all(
      Array.from({ length: 9 }, () => refusal(kms.send(new ListKeysCommand({})))),
    );
    const refused = answers.filter((answer) => answer === 'ThrottlingException 400').length;
    expect(refused).toBeGreaterThanOrEqual(3);
    expect(answers.filter((answer) => answer === 'answered').length).toBe(9 - refused);
    expect(await refusal(clients(sandbox, 'eu-west-1').kms.send(new ListKeysCommand({})))).toBe('answered');
    expect(await refusal(kms.send(new ListAliasesCommand({})))).toBe('answered');
    expect(await refusal(clients(sandbox, 'us-east-1', undefined, 5).kms.send(new ListKeysCommand({})))).toBe(
      'answered',
    );
  });
  it("is AWS's own when asked for: a burst of ListGrants beyond 100 a second is refused", async () => {
    const sandbox = await start({ quotas: 'aws' });
    const { kms } = clients(sandbox);
    const KeyId = keyOf(sandbox.company, 'rotation-on').keyId;
    await Promise.all(Array.from({ length: 260 }, () => refusal(kms.send(new ListGrantsCommand({ KeyId })))));
    const calls = await sandbox.calls();
    const first = calls[0]!.at;
    const answeredInFirstSecond = calls.filter(
      (call) => call.status === 200 && call.at < first + 1000,
    ).length;
    expect(calls.filter((call) => call.errorCode === 'ThrottlingException').length).toBeGreaterThan(0);
    expect(answeredInFirstSecond).toBeGreaterThanOrEqual(100);
    expect(answeredInFirstSecond).toBeLessThanOrEqual(200);
  });
});

describe('faults to order', () => {
  it('break the n-th call and no other', async () => {
    const sandbox = await start({
      failures: [
        { operation: 'kms:ListKeys', call: 2, how: 'drop' },
        { operation: 'kms:ListKeys', call: 3, how: 'error-500' },
        { operation: 'kms:ListKeys', call: 4, how: 'malformed' },
        { operation: 'kms:ListKeys', call: 5, how: 'throttle' },
        { operation: 'kms:ListKeys', call: 6, how: 'cut' },
        { operation: 'sts:GetCallerIdentity', call: 1, count: 2, how: 'error-500' },
      ],
    });
    const { kms, sts } = clients(sandbox);
    const answers = [];
    for (let i = 0; i < 7; i++) answers.push(await refusal(kms.send(new ListKeysCommand({}))));
    expect(answers[0]).toBe('answered');
    // The SDK's name for a connection that was reset.
    expect(answers[1]).toBe('TimeoutError');
    expect(answers[2]).toBe('KMSInternalException 500');
    expect(answers[3]).toBe('SyntaxError 200');
    expect(answers[4]).toBe('ThrottlingException 400');
    expect(answers[5]).not.toBe('answered');
    expect(answers[6]).toBe('answered');
    expect([
      await refusal(sts.send(new GetCallerIdentityCommand({}))),
      await refusal(sts.send(new GetCallerIdentityCommand({}))),
      await refusal(sts.send(new GetCallerIdentityCommand({}))),
    ]).toEqual(['InternalFailure 500', 'InternalFailure 500', 'answered']);
  });
  it('are survived by the SDK when it may retry', async () => {
    const sandbox = await start({
      failures: [
        { operation: 'kms:ListKeys', call: 1, how: 'drop' },
        { operation: 'kms:ListKeys', call: 2, how: 'throttle' },
      ],
    });
    expect(await refusal(clients(sandbox, 'us-east-1', undefined, 3).kms.send(new ListKeysCommand({})))).toBe(
      'answered',
    );
    expect((await sandbox.calls()).map((call) => call.operation)).toEqual([
      'kms:ListKeys',
      'kms:ListKeys',
      'kms:ListKeys',
    ]);
  });
  it('make every answer, or single operations, slow', async () => {
    const sandbox = await start({ latencyMs: 30, slow: { 'kms:ListAliases': 150 } });
    const { kms } = clients(sandbox);
    const time = async (send: () => Promise<unknown>): Promise<number> => {
      const started = performance.now();
      await send();
      return performance.now() - started;
    };
    const quick = await time(() => kms.send(new ListKeysCommand({})));
    expect(quick).toBeGreaterThanOrEqual(29);
    expect(await time(() => kms.send(new ListAliasesCommand({})))).toBeGreaterThanOrEqual(179);
  });
});

describe('the record of calls', () => {
  it('says who called what, where, when and with which answer', async () => {
    const sandbox = await start();
    const before = Date.now();
    const { kms } = clients(sandbox, 'eu-west-1');
    const { $metadata } = await kms.send(new ListKeysCommand({}));
    await refusal(kms.send(new DescribeKeyCommand({ KeyId: 'nonsense' })));
    const [list, describe] = await sandbox.calls();
    expect(list).toMatchObject({
      operation: 'kms:ListKeys',
      accountId: '111122223333',
      region: 'eu-west-1',
      status: 200,
      requestId: $metadata.requestId,
      accessKeyId: sandbox.aws.credentials.auditor.accessKeyId,
    });
    expect(list!.at).toBeGreaterThanOrEqual(before);
    expect(list!.userAgent).toContain('aws-sdk-js/');
    expect(describe).toMatchObject({
      operation: 'kms:DescribeKey',
      status: 400,
      errorCode: 'NotFoundException',
    });
  });
  it('gives every answer the server clock in its Date header', async () => {
    const sandbox = await start();
    const answer = await fetch(sandbox.aws.endpoint, { method: 'POST' });
    expect(Math.abs(Date.parse(answer.headers.get('date')!) - Date.now())).toBeLessThan(5000);
  });
});

describe('a sandbox in its own process', () => {
  it('answers, tells its calls, and ends', async () => {
    const sandbox = await startSandboxProcess({ asOf: AS_OF });
    const inProcess = await start();
    const { kms } = clients(sandbox);
    expect(sandbox.aws.credentials).toEqual(inProcess.aws.credentials);
    expect((await kms.send(new ListKeysCommand({}))).Keys).toEqual(
      (await clients(inProcess).kms.send(new ListKeysCommand({}))).Keys,
    );
    expect((await sandbox.calls()).map((call) => call.operation)).toEqual(['kms:ListKeys']);
    await sandbox.close();
    expect(() => process.kill(sandbox.pid, 0)).toThrow();
    await sandbox.close();
    await expect(sandbox.calls()).rejects.toBeInstanceOf(SandboxError);
  });
  it('says in words why it cannot start', async () => {
    await expect(startSandboxProcess({ asOf: 'yesterday' })).rejects.toThrow(
      'cannot build the sample company: asOf "yesterday" is not a UTC date. Use e.g. 2026-07-01T00:00:00Z.',
    );
  });
});
