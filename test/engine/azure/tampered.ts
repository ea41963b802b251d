import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createLoopbackTls } from '../../../electron/sandbox/azure/tls.ts';
import type { AzureSandbox } from '../../../electron/sandbox/azure/index.ts';

/** One request as it passes, and what the sandbox answered. */
export interface Passing {
  host: string;
  path: string;
  /** How many requests of this host and path, without its query, came before. */
  before: number;
  authorization: string;
}
export interface Answered {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * A server in front of the sandbox that may answer otherwise: `change` gets every request with the sandbox's answer. Gives
 * where it listens, and what passed.
 */
export async function tampered(
  { azure }: AzureSandbox,
  change: (passing: Passing, answer: Answered) => Answered | null,
): Promise<{ sampleEndpoint: string; sampleCa: string; passed: Passing[] }> {
  const tls = await createLoopbackTls();
  const gateway = new URL(azure.gateway);
  const counts = new Map<string, number>();
  const passed: Passing[] = [];
  const server = createServer(
    { key: tls.key.export({ type: 'pkcs8', format: 'pem' }), cert: tls.certificate },
    (incoming, outgoing) => {
      const host = incoming.headers.host ?? '';
      const path = incoming.url ?? '/';
      const place = `${host}${path.split('?')[0]}`;
      const before = counts.get(place) ?? 0;
      counts.set(place, before + 1);
      const passing = { host, path, before, authorization: incoming.headers.authorization ?? '' };
      passed.push(passing);
      const { 'accept-encoding': _encoding, ...headers } = incoming.headers;
      const onward = httpsRequest(
        {
          ...{ host: gateway.hostname, port: gateway.port, servername: host, ca: azure.ca },
          ...{ method: incoming.method, path, headers },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => {
            const given = Object.entries(answer.headers).filter(
              ([name]) => !/^(content-length|transfer-encoding|connection|keep-alive)$/.test(name),
            );
            const own: Answered = {
              status: answer.statusCode ?? 500,
              headers: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
              body: Buffer.concat(chunks).toString('utf8'),
            };
            const made = change(passing, own) ?? own;
            outgoing.writeHead(made.status, {
              ...made.headers,
              'content-length': Buffer.byteLength(made.body),
            });
            outgoing.end(made.body);
          });
        },
      );
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { sampleEndpoint: `https://127.0.0.1:${port}`, sampleCa: tls.ca, passed };
}
