import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserCamera } from '../../../electron/capture/browser-camera.ts';
import { captureConsole } from '../../../electron/capture/capture-console.ts';
import { consolePage, type ConsolePage } from '../../../electron/capture/console-pages.ts';
import { findBrowser } from '../../../electron/capture/find-browser.ts';
import { sizeOfPng } from '../../../electron/capture/frame-html.ts';
import { screenshotFiles } from '../../../electron/pack/exhibits/screenshots.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import { defaultParameters } from '../../../electron/engagement/parameters.ts';
import { verifyLedger } from '../../../db/ledger/verify-ledger.ts';
import { sha256Hex } from '../../../db/ledger/hash.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import { createEngagementFile } from '../../../db/open.ts';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const ARN = `arn:aws:kms:eu-west-1:111122223333:key/${ID}`;
const BY = { name: 'Ada', email: null };

/** A console that needs a sign-in, and has a page with two tabs that is longer than the window. */
let site: Server;
let signedIn = false;
const cookies: string[] = [];
beforeAll(async () => {
  site = createServer((request, response) => {
    cookies.push(request.headers.cookie ?? '');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('set-cookie', 'session=secret');
    if (!signedIn) return response.end('<h1>Sign in</h1>');
    response.end(`<h1>Key</h1><p>${ID}</p><div role="tablist">
      <button role="tab" onclick="document.body.append('Rotation enabled, every 365 days')">Key rotation</button></div>
      <div style="height:2000px;background:linear-gradient(red,blue)"></div>`);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
});
afterAll(() => site.close());

const page = (): ConsolePage => ({
  url: `http://127.0.0.1:${(site.address() as AddressInfo).port}/key`,
  views: [
    { name: 'general configuration', tab: null },
    { name: 'rotation', tab: /key rotation/i },
    { name: 'policy', tab: /key policy/i },
  ],
});

async function engagementWithKey() {
  const open = createEngagementFile(join(temporaryFolder(), 'a.keywitness'));
  const writer = new LedgerWriter(open.db);
  await declare(writer, BY, 'engagement', '', {
    client: 'Meridian & Sons',
    criteria: ['CC6.1'],
    mode: 'management',
    type: 2,
    period: { from: '2026-01-01T00:00:00Z', to: '2026-07-01T00:00:00Z' },
    parameters: defaultParameters,
    sample: false,
  });
  open.db
    .prepare(
      `INSERT INTO key (snapshot, id, provider, source, basis, account, region, native_id, belongs, rules)
       VALUES ('s1', ?, 'aws', 'aws-production', 'observed', '111122223333', 'eu-west-1', ?, 'inventory', 1)`,
    )
    .run(ARN, ID);
  return { open, work: { db: open.db, writer } };
}

describe.skipIf(findBrowser() === null)('a console screenshot', () => {
  it('is taken after the sign-in, framed and recorded, view by view', async () => {
    const { open, work } = await engagementWithKey();
    signedIn = false;
    try {
      const result = await captureConsole(work, {
        ...{ snapshot: 's1', keys: [ARN], operator: BY, camera: browserCamera({ headless: true }) },
        pageOf: page,
        whenSignedIn: async () => {
          signedIn = true;
        },
      });
      expect(result.taken.map(({ view }) => view)).toEqual(['general configuration', 'rotation']);
      expect(result.missed).toEqual([{ key: ARN, view: 'policy', reason: 'the page has no such tab' }]);

      const [first] = result.taken;
      const entry = readEntry(open.db, first!.seq)!;
      expect(entry.kind).toBe('capture');
      const about = JSON.parse(entry.values.about!) as Record<string, string>;
      expect(about).toMatchObject({
        ...{ url: page().url, account: '111122223333', key: ARN, operator: 'Ada', client: 'Meridian & Sons' },
      });
      expect(Math.abs(Date.parse(about.at!) - Date.parse(entry.at))).toBeLessThan(60_000);

      const picture = readBody(open.db, entry.values.body!)!;
      expect(sha256Hex(picture)).toBe(first!.sha256);
      // The whole page, with the frame around it and nothing of it covered.
      const { width, height } = sizeOfPng(picture);
      expect(width).toBe(1440 + 48);
      expect(height).toBeGreaterThan(2000 + 200);
      expect(about.unframed).toMatch(/^[0-9a-f]{64}$/);
      expect(about.unframed).not.toBe(first!.sha256);

      expect(verifyLedger(open.db).fault).toBeNull();
      const files = screenshotFiles(open.db, 's1', first!.seq);
      expect(files.map(({ path }) => path)).toEqual([
        `data/1-key-configuration/screenshots/${first!.seq}-${ID}-general-configuration.png`,
      ]);
      const bytes = Buffer.concat([...((await files[0]!.content()) as Iterable<Uint8Array>)]);
      expect(sha256Hex(bytes)).toBe(first!.sha256);
      expect(screenshotFiles(open.db, 's2', 99)).toEqual([]);
    } finally {
      open.close();
    }
  });

  it('keeps no session for the next time', async () => {
    const { open, work } = await engagementWithKey();
    cookies.length = 0;
    signedIn = true;
    try {
      await captureConsole(work, {
        ...{ snapshot: 's1', keys: [ARN], operator: BY, camera: browserCamera({ headless: true }) },
        pageOf: page,
        whenSignedIn: async () => undefined,
      });
      expect(cookies[0]).toBe('');
    } finally {
      open.close();
    }
  });

  it('is not taken of a page that does not show the key', async () => {
    const { open, work } = await engagementWithKey();
    signedIn = false;
    try {
      const result = await captureConsole(work, {
        ...{ snapshot: 's1', keys: [ARN], operator: BY, camera: browserCamera({ headless: true }) },
        pageOf: () => ({ ...page(), views: page().views.slice(0, 1) }),
        whenSignedIn: async () => undefined,
        quietMs: 500,
      });
      expect(result.taken).toEqual([]);
      expect(result.missed[0]!.reason).toContain('is the operator signed in?');
    } finally {
      open.close();
    }
  });
});

describe('pages of consoles', () => {
  it.each([
    [
      'arn:aws:kms:eu-west-1:1:key/x',
      'https://eu-west-1.console.aws.amazon.com/kms/home?region=eu-west-1#/kms/keys/x',
    ],
    [
      'arn:aws-us-gov:kms:eu-west-1:1:key/x',
      'https://eu-west-1.console.amazonaws-us-gov.com/kms/home?region=eu-west-1#/kms/keys/x',
    ],
    [
      'arn:aws-cn:kms:eu-west-1:1:key/x',
      'https://eu-west-1.console.amazonaws.cn/kms/home?region=eu-west-1#/kms/keys/x',
    ],
  ])('%s', (id, url) => {
    expect(consolePage({ provider: 'aws', id, native_id: 'x', region: 'eu-west-1' }, null)?.url).toBe(url);
  });
  it('a Vault without an address has none', () => {
    const key = { provider: 'vault', id: 'v', native_id: 'transit/keys/app', region: '' };
    expect(consolePage(key, null)).toBeNull();
    expect(consolePage(key, 'https://vault.example:8200')?.url).toBe(
      'https://vault.example:8200/ui/vault/secrets/transit/show/app',
    );
  });
});
