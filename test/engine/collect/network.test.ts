import { createHash, webcrypto, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createAsker } from '../../../electron/collect/asker.ts';
import { createBudgets } from '../../../electron/collect/budgets.ts';
import { systemClock } from '../../../electron/collect/clock.ts';
import { createRunControl } from '../../../electron/collect/control.ts';
import { createTracker } from '../../../electron/collect/progress.ts';
import { createSlots } from '../../../electron/collect/slots.ts';
import { askAws } from '../../../electron/providers/aws/ask-aws.ts';
import { createClients } from '../../../electron/providers/aws/clients.ts';
import { awsEndingOf } from '../../../electron/providers/aws/endings.ts';
import { kms } from '../../../electron/providers/aws/operations/index.ts';
import { createAgents, defaultNetwork, type NetworkOptions } from '../../../electron/recorder/agents.ts';
import { plainHandler, recordingHandler } from '../../../electron/recorder/aws-adapter.ts';
import { Finals } from '../../../electron/recorder/finals.ts';
import { newEngagement } from '../../support/ledger.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { exchanges } from './support.ts';

const listen = (server: Server) =>
  new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );

/** A self-signed certificate for localhost. */
async function selfSigned(): Promise<{ cert: string; key: string }> {
  const engine = new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto as never });
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  certificate.serialNumber = new asn1js.Integer({ value: 1 });
  for (const name of [certificate.issuer, certificate.subject]) {
    const value = new asn1js.Utf8String({ value: 'localhost' });
    name.typesAndValues.push(new pkijs.AttributeTypeAndValue({ type: '2.5.4.3', value }));
  }
  certificate.notBefore.value = new Date(Date.now() - 60_000);
  certificate.notAfter.value = new Date(Date.now() + 60 * 60_000);
  const names = new pkijs.GeneralNames({ names: [new pkijs.GeneralName({ type: 2, value: 'localhost' })] });
  certificate.extensions = [
    new pkijs.Extension({ extnID: '2.5.29.17', critical: false, extnValue: names.toSchema().toBER() }),
  ];
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey, engine);
  await certificate.sign(keys.privateKey, 'SHA-256', engine);
  const pem = (label: string, der: ArrayBuffer) =>
    `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: pem('CERTIFICATE', certificate.toSchema(true).toBER()), key: pem('PRIVATE KEY', key) };
}

/** An HTTPS server that answers every call with an empty list of keys. */
async function keyServer() {
  const certificate = await selfSigned();
  const server = createServer(certificate, (_request, response) => response.end('{"Keys":[]}'));
  const port = await listen(server);
  onTestFinished(() => void server.close());
  const caFile = join(temporaryFolder(), 'ca.pem');
  writeFileSync(caFile, certificate.cert);
  return { endpoint: `https://localhost:${port}`, caFile, cert: certificate.cert };
}

/** Asks the server for its keys over a real client, through the recorder. */
async function askFor(endpoint: string, network: NetworkOptions, transient = 1) {
  const { writer, db } = newEngagement();
  const agents = createAgents(network);
  onTestFinished(() => agents.destroy());
  const handler = recordingHandler(
    { writer, ingestLines: null, now: () => new Date() },
    plainHandler(agents),
  );
  const control = createRunControl();
  const asker = createAsker({
    snapshot: 's1',
    source: 'production',
    caller: () => null,
    finals: new Finals(),
    budgets: createBudgets('provider', systemClock),
    slots: createSlots(4),
    fileSlots: createSlots(1),
    control,
    signal: control.signal,
    stop: () => control.cancel(),
    clock: systemClock,
    retries: { throttled: 1, transient },
    endingOf: awsEndingOf,
    tracker: createTracker('production', () => {}),
    note: async () => {},
  });
  const credentials = async () => ({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' });
  const ask = askAws(asker, createClients(handler, credentials, endpoint), '111122223333', 'production');
  const answer = await ask(kms.listKeys, {}, { region: 'eu-west-1' });
  const all = exchanges(db).map((exchange) => exchange.facts);
  return { answer, all, facts: all[0]! };
}

test('a peer that the machine does not trust gets no request, and the exchange says why', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { endpoint } = await keyServer();
  const { answer, facts } = await askFor(endpoint, { ...defaultNetwork, proxyFromEnvironment: false });
  expect(answer.ok).toBe(false);
  expect(facts).toMatchObject({
    outcome: 'network',
    errorCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    tlsPeer: null,
  });
});

test('with the corporate authority trusted, the peer’s certificate is recorded by its fingerprint', async () => {
  const { endpoint, caFile, cert } = await keyServer();
  const { answer, facts } = await askFor(endpoint, {
    ...defaultNetwork,
    extraCaFile: caFile,
    proxyFromEnvironment: false,
  });
  expect(answer.ok).toBe(true);
  expect(facts.tlsPeer).toBe(createHash('sha256').update(new X509Certificate(cert).raw).digest('hex'));
});

test('the proxy of the environment is used', async () => {
  const { endpoint, caFile } = await keyServer();
  const tunnels: string[] = [];
  const proxy = createPlain().on('connect', (request, socket, head) => {
    tunnels.push(request.url ?? '');
    const [host, port] = request.url!.split(':');
    const upstream = connect(Number(port), host === 'localhost' ? '127.0.0.1' : host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [upstream, socket]) end.on('error', () => end.destroy());
  });
  const port = await listen(proxy);
  onTestFinished(() => void proxy.close());
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${port}`);
  for (const name of ['https_proxy', 'NO_PROXY', 'no_proxy']) vi.stubEnv(name, undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { answer, facts } = await askFor(endpoint, { ...defaultNetwork, extraCaFile: caFile });
  expect(answer.ok).toBe(true);
  expect(tunnels).toEqual([new URL(endpoint).host]);
  expect(facts.host).toBe(new URL(endpoint).host);
  expect(facts.tlsPeer).toMatch(/^[0-9a-f]{64}$/);
});

test('a machine whose clock is an hour slow is answered at the second try, and both are recorded', async () => {
  const HOUR = 60 * 60_000;
  const server = createPlain((request, response) => {
    const serverNow = Date.now() + HOUR;
    const [, y, mo, d, h, mi, sec] = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(
      request.headers['x-amz-date'] as string,
    )!;
    const signedAt = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${sec}Z`);
    response.sendDate = false;
    response.setHeader('date', new Date(serverNow).toUTCString());
    if (Math.abs(serverNow - signedAt) < 5 * 60_000) return response.end('{"Keys":[]}');
    response.statusCode = 400;
    return response.end('{"__type":"InvalidSignatureException","message":"Signature expired"}');
  });
  const port = await listen(server);
  onTestFinished(() => void server.close());
  const { answer, all } = await askFor(`http://127.0.0.1:${port}`, defaultNetwork, 4);
  expect(answer.ok).toBe(true);
  expect(all.map((facts) => facts.errorCode)).toEqual(['InvalidSignatureException', null]);
  expect(Date.parse(all[1]!.serverDate!) - Date.parse(all[1]!.end)).toBeGreaterThan(HOUR / 2);
});
