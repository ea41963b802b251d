import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTsa, type Tsa } from '../../../electron/sandbox/tsa/tsa.ts';
import type { TsaFault } from '../../../electron/sandbox/tsa/answer.ts';
import { imprintOf } from '../../../electron/seal/digest.ts';
import { requestTimestamp } from '../../../electron/seal/timestamp/client.ts';
import { parseTimestampRequest } from '../../../electron/seal/timestamp/request.ts';
import { verifyTimestampToken } from '../../../electron/seal/timestamp/token.ts';

const CONTENT = Buffer.from('a Merkle root');
const IMPRINT = imprintOf(CONTENT);

describe('the time-stamp client against a real authority', () => {
  let tsa: Tsa;
  beforeAll(async () => {
    tsa = await startTsa();
  });
  afterAll(() => tsa.close());

  test('a token is obtained, checked and described', async () => {
    const before = Date.now();
    const stamp = await requestTimestamp(IMPRINT, { urls: [tsa.url], trusted: [tsa.caDer] });
    expect(stamp.genTime.getTime()).toBeGreaterThanOrEqual(before - 1000);
    expect(stamp).toMatchObject({ url: tsa.url, accuracyMs: 1001, failures: [] });
    expect(stamp.tsaCertificate.der).toEqual(tsa.tsaCertificateDer);
    expect(verifyTimestampToken(stamp.token, CONTENT, { trusted: [tsa.caDer] })).toMatchObject({
      valid: true,
      trust: 'trusted',
    });
  });

  test('only the hash and a fresh random number leave the machine', async () => {
    const from = tsa.requests.length;
    await requestTimestamp(IMPRINT, { urls: [tsa.url] });
    await requestTimestamp(IMPRINT, { urls: [tsa.url] });
    const [one, two] = tsa.requests.slice(from).map(parseTimestampRequest);
    expect(Buffer.from(one?.imprint.digest ?? [])).toEqual(Buffer.from(IMPRINT.digest));
    expect(one?.nonce).toHaveLength(16);
    expect(one?.nonce).not.toEqual(two?.nonce);
    expect(tsa.requests[from]?.length).toBeLessThan(90);
  });

  test.each<[TsaFault, string, RegExp]>([
    ['wrong-imprint', 'TSA_ANSWER_WRONG', /for other content/],
    ['wrong-nonce', 'TSA_ANSWER_WRONG', /nonce/],
    ['no-nonce', 'TSA_ANSWER_WRONG', /nonce/],
    ['no-certificate', 'TSA_ANSWER_WRONG', /is not inside/],
    ['expired-certificate', 'TSA_ANSWER_WRONG', /had expired/],
    ['not-a-tsa', 'TSA_ANSWER_WRONG', /not for time-stamping/],
    ['bad-signature', 'TSA_ANSWER_WRONG', /does not verify/],
    ['rejected', 'TSA_REJECTED', /time source is not available; "the clock is not synchronised"/],
    ['garbage', 'TSA_ANSWER_MALFORMED', /no RFC 3161 response/],
    ['truncated', 'TSA_ANSWER_MALFORMED', /no RFC 3161 response/],
    ['too-large', 'TOO_LARGE', /larger than 1 MiB/],
    ['http-error', 'TSA_ANSWER_MALFORMED', /HTTP 503/],
    ['hang', 'TSA_UNREACHABLE', /no answer within 300 ms/],
  ])('%s: refused as %s, and the next authority is asked', async (fault, code, reason) => {
    const bad = await startTsa({ ca: tsa.ca, fault });
    try {
      const only = requestTimestamp(IMPRINT, { urls: [bad.url], timeoutMs: 300 });
      await expect(only).rejects.toMatchObject({ code, message: expect.stringMatching(reason) as string });
      const stamp = await requestTimestamp(IMPRINT, {
        urls: [bad.url, tsa.url],
        trusted: [tsa.caDer],
        timeoutMs: 300,
      });
      expect(stamp.url).toBe(tsa.url);
      expect(stamp.failures.map(({ error }) => error.code)).toEqual([code]);
    } finally {
      await bad.close();
    }
  });

  test('a policy that was asked for must be the token’s', async () => {
    const lying = await startTsa({ fault: 'wrong-policy', policy: '1.2.3' });
    await expect(requestTimestamp(IMPRINT, { urls: [lying.url], policy: '1.2.3' })).rejects.toThrow(
      /its policy is .* 1\.2\.3 was asked for/,
    );
    lying.setFault(null);
    await expect(requestTimestamp(IMPRINT, { urls: [lying.url], policy: '9.9' })).rejects.toThrow(
      /only policy 1\.2\.3 is offered/,
    );
    await expect(requestTimestamp(IMPRINT, { urls: [lying.url], policy: '1.2.3' })).resolves.toMatchObject({
      policy: '1.2.3',
    });
    await lying.close();
  });

  test('an authority of an unknown CA is refused when trusted ones are given', async () => {
    const stranger = await startTsa();
    await expect(
      requestTimestamp(IMPRINT, { urls: [stranger.url], trusted: [tsa.caDer] }),
    ).rejects.toMatchObject({ code: 'TSA_UNTRUSTED' });
    await stranger.close();
  });

  test('when all fail, each one’s reason is told without the credentials in its address', async () => {
    const urls = ['http://user:hunter2@127.0.0.1:1/tsa', 'ftp://example.invalid/', 'http://127.0.0.1:1/'];
    const error = await requestTimestamp(IMPRINT, { urls }).catch(
      (reason: unknown) => reason as Error & { code: string },
    );
    expect(error).toMatchObject({ code: 'TSA_UNREACHABLE' });
    expect((error as Error).message).toMatch(/all 3 authorities failed.*127\.0\.0\.1:1.*not http or https/);
    expect((error as Error).message).not.toMatch(/hunter2/);
    await expect(requestTimestamp(IMPRINT, { urls: [] })).rejects.toMatchObject({
      code: 'TSA_URL_UNSUITABLE',
    });
  });

  test('credentials in the address go to that host as Basic, and not along a redirection to another', async () => {
    const seen: (string | undefined)[] = [];
    const relay = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(307, { location: tsa.url }).end();
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const host = `127.0.0.1:${(relay.address() as AddressInfo).port}`;
    const stamp = await requestTimestamp(IMPRINT, { urls: [`http://user:pass@${host}/`] });
    expect(stamp.genTime).toBeInstanceOf(Date);
    expect(seen).toEqual([`Basic ${Buffer.from('user:pass').toString('base64')}`]);
    relay.close();
  });

  test.each(['file:///etc/passwd', 'ftp://127.0.0.1/', '//', ''])(
    'a redirection to "%s" is not followed',
    async (location) => {
      const relay = createServer((_request, response) => response.writeHead(308, { location }).end());
      relay.listen(0, '127.0.0.1');
      await once(relay, 'listening');
      const url = `http://127.0.0.1:${(relay.address() as AddressInfo).port}/`;
      await expect(requestTimestamp(IMPRINT, { urls: [url] })).rejects.toMatchObject({
        code: 'TSA_UNREACHABLE',
      });
      relay.closeAllConnections();
      relay.close();
    },
  );

  test('cancelling stops at once and does not go on to the next authority', async () => {
    const slow = await startTsa({ ca: tsa.ca, fault: 'hang' });
    const from = tsa.requests.length;
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await expect(
      requestTimestamp(IMPRINT, { urls: [slow.url, tsa.url], signal: abort.signal }),
    ).rejects.toThrow(/abort/i);
    expect(tsa.requests).toHaveLength(from);
    await slow.close();
  });
});
