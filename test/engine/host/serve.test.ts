import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { serve, type Served } from '../../../electron/serve.ts';
import { ask, openBridge, signIn, type TestBridge } from './bridge.ts';

let served: Served;
let origin: string;
let cookie: string;
let bridge: TestBridge;

beforeAll(async () => {
  served = await serve({ home: mkdtempSync(join(tmpdir(), 'kw-serve-')), port: 0 });
  origin = new URL(served.url).origin;
});
afterAll(async () => {
  bridge?.close();
  await served.close();
});

/** Whether a socket with these headers is let in. */
function socketOpens(headers: Record<string, string>, from?: string): Promise<boolean> {
  const socket = new WebSocket(`${origin.replace('http:', 'ws:')}/bridge`, {
    headers,
    ...(from ? { origin: from } : {}),
  });
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.close();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

describe('the window on loopback', () => {
  it('is bound to 127.0.0.1 and to nothing else', () => {
    expect(new URL(served.url).hostname).toBe('127.0.0.1');
  });

  it('writes its start file for its owner only', () => {
    expect(statSync(served.startFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(served.startFile, 'utf8')).toContain(served.url);
  });

  it('refuses whoever has no session, also for a blob and an upload', async () => {
    for (const path of ['/', '/index.html', '/blob/body/00', '/nothing']) {
      expect((await ask(origin + path)).status).toBe(403);
    }
    expect((await ask(`${origin}/upload?name=x`, { method: 'POST', headers: { origin } })).status).toBe(403);
    expect(await socketOpens({}, origin)).toBe(false);
  });

  it('refuses a wrong token', async () => {
    const { status, headers } = await ask(`${origin}/start?token=${'x'.repeat(43)}`);
    expect(status).toBe(403);
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('takes its token once', async () => {
    const first = await ask(served.url, {
      // As a browser sends it when the start file leads here.
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' },
    });
    expect(first.status).toBe(200);
    expect(first.headers['set-cookie']![0]).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    cookie = first.headers['set-cookie']![0]!.split(';')[0]!;
    // The icon it names is there, so that no browser looks for one that is not.
    const icon = /<link rel="icon"[^>]* href="([^"]+)"/.exec(first.body)![1]!;
    expect(existsSync(new URL(`../../../renderer/public${icon}`, import.meta.url))).toBe(true);
    expect((await ask(served.url)).status).toBe(403);
  });

  it('refuses another Host, which is what a rebound name would send', async () => {
    const { status } = await ask(`${origin}/`, { headers: { cookie, host: 'evil.example:80' } });
    expect(status).toBe(403);
    const port = new URL(origin).port;
    expect((await ask(`${origin}/`, { headers: { cookie, host: `localhost:${port}` } })).status).toBe(403);
  });

  it('refuses another origin, even with the session', async () => {
    const foreign = { cookie, origin: 'http://127.0.0.1:1' };
    expect((await ask(`${origin}/nothing`, { headers: foreign })).status).toBe(403);
    expect((await ask(`${origin}/upload?name=x`, { method: 'POST', headers: foreign })).status).toBe(403);
    expect((await ask(`${origin}/upload?name=x`, { method: 'POST', headers: { cookie } })).status).toBe(403);
    expect(await socketOpens({ cookie }, 'http://127.0.0.1:1')).toBe(false);
    expect(await socketOpens({ cookie })).toBe(false);
    const embedded = { cookie, 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'image' };
    expect((await ask(`${origin}/nothing`, { headers: embedded })).status).toBe(403);
  });

  it('sends a strict policy with every answer', async () => {
    const { status, headers } = await ask(`${origin}/nothing`, { headers: { cookie } });
    expect(status).toBe(404);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('serves nothing outside its folder', async () => {
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2f..%2fpackage.json', '/%00.js']) {
      const { status } = await ask(origin + path, { headers: { cookie } });
      expect(status, path).toBe(404);
    }
  });

  it('answers calls over the socket, and refuses what is not in the contract', async () => {
    bridge = await openBridge(origin, cookie);
    const info = await bridge.invoke('app.info', {});
    expect(info.host).toBe('browser');
    await expect(bridge.invoke('app.recent', {})).resolves.toEqual({ engagements: [] });
    await expect(bridge.invoke('nope' as 'app.info', {})).rejects.toMatchObject({ code: 'UNKNOWN_METHOD' });
    await expect(bridge.invoke('keys.query', {})).rejects.toMatchObject({
      kind: 'refused',
      code: 'NO_ENGAGEMENT',
    });
    await expect(bridge.invoke('keys.query', { limit: 501 })).rejects.toMatchObject({ kind: 'input' });
    await expect(
      bridge.invoke('app.forget', { file: 'x', extra: 1 } as unknown as { file: string }),
    ).rejects.toMatchObject({ kind: 'input', code: 'BAD_INPUT' });
  });

  it('drops messages that are none and goes on', async () => {
    bridge.raw('not json');
    bridge.raw('{"type":"call","id":-1,"name":"app.info","input":{}}');
    bridge.raw('{"type":"constructor"}');
    await expect(bridge.invoke('app.info', {})).resolves.toMatchObject({ host: 'browser' });
  });

  it('keeps a dropped file under its own name and nowhere else', async () => {
    const { status, body } = await ask(`${origin}/upload?name=${encodeURIComponent('../../evil/a:b.zip')}`, {
      method: 'POST',
      headers: { cookie, origin },
      body: 'PK content',
    });
    expect(status).toBe(200);
    const { path } = JSON.parse(body) as { path: string };
    expect(path.startsWith(tmpdir())).toBe(true);
    expect(path.endsWith('a_b.zip')).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('PK content');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(bridge.invoke('files.kind', { path })).resolves.toMatchObject({ kind: 'pack', bytes: 10 });
  });

  it('opens only allowlisted pages outside', async () => {
    for (const url of [
      'http://docs.aws.amazon.com/',
      'https://docs.aws.amazon.com.evil.example/',
      'https://evil.example/',
      'https://user@docs.aws.amazon.com/',
      'file:///etc/passwd',
    ]) {
      await expect(bridge.invoke('app.openExternal', { url })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  it('starts the engine again when it is killed, and tells the window', async () => {
    const before = served.engine.pid!;
    const lost = bridge.invoke('jobs.wait', { job: 'j1' }).catch((error: unknown) => error);
    process.kill(before, 'SIGKILL');
    await bridge.event((event) => event.event === 'engine' && event.state === 'gone');
    await bridge.event((event) => event.event === 'engine' && event.state === 'back');
    await expect(bridge.invoke('app.recent', {})).resolves.toEqual({ engagements: [] });
    expect(served.engine.pid).not.toBe(before);
    await lost;
  });
});

describe('signing in', () => {
  it('gives a session that works with the address it printed', async () => {
    const other = await serve({ home: mkdtempSync(join(tmpdir(), 'kw-serve-')), port: 0 });
    try {
      const session = await signIn(other.url);
      const { status } = await ask(`${new URL(other.url).origin}/nothing`, { headers: { cookie: session } });
      expect(status).toBe(404);
    } finally {
      await other.close();
    }
  });
});
