import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SAMPLE_MARK } from '../../seal/sample-mark.ts';
import type { Instant } from '../company/instant.ts';
import type { Company } from '../company/types.ts';
import type { SandboxKey } from '../company/key-types.ts';

/** The sample company's console on loopback: a page per key behind a sign-in. */
export interface SampleConsole {
  /** Without a slash at its end; a key's page is `/key?id=ARN`. */
  url: string;
  close(): Promise<void>;
}

/** Shows what the sample company's keys are set to, in tabs, to whoever pressed "Sign in" in this browser session. */
export async function startSampleConsole(company: Company): Promise<SampleConsole> {
  const keys = new Map(company.keys.filter((key) => !key.deletedAt).map((key) => [key.arn, key]));
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('cache-control', 'no-store');
    if (url.pathname === '/sign-in') {
      const to = url.searchParams.get('to') ?? '/';
      response.setHeader('set-cookie', 'sample-console=signed-in; HttpOnly; SameSite=Lax');
      // Only a path of this server: an address with a host would lead away.
      return response.writeHead(303, { location: /^\/[^/\\]/.test(to) ? to : '/' }).end();
    }
    if (!/(^|; )sample-console=signed-in/.test(request.headers.cookie ?? '')) {
      return response.end(signInPage(`${url.pathname}${url.search}`));
    }
    const key = url.pathname === '/key' ? keys.get(url.searchParams.get('id') ?? '') : undefined;
    if (!key) return response.writeHead(404).end(page('No such key', '<p>This console has no such key.</p>'));
    return response.end(keyPage(key));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const page = (title: string, body: string): string => `<!doctype html><html lang="en"><meta charset="utf-8">
<title>${escaped(title)}</title><style>
  body { font: 15px/22px sans-serif; margin: 0; color: #16191f; background: #f2f3f3 }
  header { background: #232f3e; color: #fff; padding: 12px 24px } main { padding: 24px }
  section { background: #fff; border: 1px solid #d5dbdb; padding: 16px 24px; margin: 0 0 16px }
  dt { color: #545b64 } dd { margin: 0 0 8px; font-family: monospace } pre { white-space: pre-wrap }
  button { font: inherit; padding: 6px 16px } [role=tab][aria-selected=true] { border-bottom: 3px solid #0972d3 }
</style><header>Console of the sample company · ${SAMPLE_MARK}</header><main><h1>${escaped(title)}</h1>${body}</main>`;

const signInPage = (to: string): string =>
  page(
    'Sign in',
    `<form action="/sign-in"><input type="hidden" name="to" value="${escaped(to)}"><button>Sign in</button></form>`,
  );

const day = (instant: Instant | undefined): string =>
  instant === undefined ? 'none' : new Date(instant).toISOString();

function keyPage(key: SandboxKey): string {
  const facts = (rows: readonly (readonly [string, string])[]): string =>
    `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>`;
  const rotation = key.rotation
    ? facts([
        ['Automatic key rotation', key.rotation.enabled ? 'Enabled' : 'Disabled'],
        ['Rotation period', `${key.rotation.periodDays} days`],
        ['Next rotation', day(key.rotation.nextAt)],
      ])
    : '<p>This type of key has no automatic rotation.</p>';
  return page(
    key.aliases[0] ?? key.keyId,
    `<section><h2>General configuration</h2>${facts([
      ['Key id', key.keyId],
      ['ARN', key.arn],
      ['State', key.state],
      ['Alias', key.aliases.join(', ') || 'none'],
      ['Key spec', key.spec],
      ['Origin', key.origin],
    ])}</section>
    <div role="tablist"><button role="tab" aria-selected="true" data-for="policy">Key policy</button>
      <button role="tab" aria-selected="false" data-for="rotation">Key rotation</button></div>
    <section id="policy"><h2>Key policy</h2><pre>${escaped(pretty(key.policy))}</pre></section>
    <section id="rotation" hidden><h2>Key rotation</h2>${rotation}</section>
    <script>for (const tab of document.querySelectorAll('[role=tab]')) tab.onclick = () => {
      for (const other of document.querySelectorAll('[role=tab]')) {
        other.setAttribute('aria-selected', other === tab);
        document.getElementById(other.dataset.for).hidden = other !== tab;
      }
    }</script>`,
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
}
