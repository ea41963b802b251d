import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { certificatePem } from '../../seal/trust.ts';
import type { Signer } from '../../seal/signer.ts';
import { ownCertificate } from '../../seal/signer.ts';
import { createCa, createCertifiedKey, type Ca, type KeyKind } from '../../seal/pki/ca.ts';
import { createCrl, type Revocation } from '../../seal/pki/crl.ts';
import { SAMPLE_MARK } from '../../seal/sample-mark.ts';
import { answer, type TsaFault } from './answer.ts';
import { answerOcsp, createResponder } from './ocsp.ts';

/** What the sandbox's time-stamp authority is. Everything has a default. */
export interface TsaOptions {
  /** The CA to use; a new one is made when none is given. */
  readonly ca?: Ca;
  readonly caName?: string;
  readonly kind?: KeyKind;
  /** Validity of the authority's certificate; default a day ago until ten years from now. */
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly policy?: string;
  /** Whether its certificates name its revocation services; validators then insist on them. Default no. */
  readonly revocation?: boolean;
  /** What its revocation services say. Default: all is well; 'down' refuses connections with HTTP 503. */
  readonly services?: 'up' | 'down';
  readonly fault?: TsaFault | null;
  /** The authority's clock, default the machine's. */
  readonly clock?: () => Date;
  readonly port?: number;
}

/** Addresses that certificates name (RFC 5280 §4.2.1.13, §4.2.2.1). */
export interface RevocationServices {
  readonly crlUrl: string;
  readonly ocspUrl: string;
  readonly issuerUrl: string;
}

/** A running RFC 3161 authority on loopback. */
export interface Tsa {
  readonly url: string;
  /** Where its CA's revocation list, OCSP responder and certificate are, for certificates of the same CA. */
  readonly services: RevocationServices;
  readonly ca: Ca;
  readonly caPem: string;
  readonly caDer: Uint8Array;
  readonly tsaCertificateDer: Uint8Array;
  /** Bodies of the requests received so far, in order. */
  readonly requests: readonly Uint8Array[];
  /** From the next request on. Null: answer rightly. */
  setFault(fault: TsaFault | null): void;
  /** From the next request on. */
  setServices(state: 'up' | 'down'): void;
  /** Says that a certificate of the CA is revoked, from the next CRL or OCSP response on. */
  revoke(revocation: Revocation): void;
  close(): Promise<void>;
}

const DAY = 24 * 3_600_000;
/** Under the arc for private enterprises' examples (RFC 5612). */
export const SAMPLE_POLICY = '1.3.6.1.4.1.32473.1.3161';
const MOST_QUERY_BYTES = 64 * 1024;

/**
 * Starts a real time-stamp authority over HTTP (RFC 3161 §3.4) with its own CA, for the demo and for tests. Its
 * subjects say SAMPLE — NOT EVIDENCE. The CA's revocation list is at `/ca.crl`, its OCSP responder at `/ocsp`, its
 * certificate at `/ca.cer`.
 */
export async function startTsa(options: TsaOptions = {}): Promise<Tsa> {
  const clock = options.clock ?? (() => new Date());
  const server = createServer();
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const services: RevocationServices = {
    crlUrl: `${base}/ca.crl`,
    ocspUrl: `${base}/ocsp`,
    issuerUrl: `${base}/ca.cer`,
  };
  const notBefore = options.notBefore ?? new Date(clock().getTime() - DAY);
  const notAfter = options.notAfter ?? new Date(clock().getTime() + 3650 * DAY);
  const ca = options.ca ?? (await createTsaCa(options, notBefore, notAfter));
  const certify = (profile: 'timestamp' | 'signer', end: Date): Promise<Signer> =>
    createAuthority(
      ca,
      options.kind ?? 'p256',
      profile,
      notBefore,
      end,
      options.revocation ? services : null,
    );
  const authority = await certify('timestamp', notAfter);
  let fault = options.fault ?? null;
  const requests: Uint8Array[] = [];
  const revoked: Revocation[] = [];
  let crlNumber = 0;
  let state = options.services ?? 'up';
  let responder: Promise<Signer> | null = null;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url !== '/tsa' && state === 'down')
      return send(response, 503, 'text/plain', Buffer.from('busy\n'));
    const now = clock();
    if (request.method === 'GET' && request.url === '/ca.crl') {
      const crl = await createCrl(ca, {
        number: ++crlNumber,
        thisUpdate: now,
        nextUpdate: new Date(now.getTime() + 7 * DAY),
        revoked,
      });
      return send(response, 200, 'application/pkix-crl', crl);
    }
    if (request.method === 'GET' && request.url === '/ca.cer')
      return send(response, 200, 'application/pkix-cert', ca.certificate);
    if (request.method === 'POST' && request.url === '/ocsp') {
      const asked = await readQuery(request);
      if (asked === null) return send(response, 413, 'text/plain', Buffer.from('query too large\n'));
      responder ??= createResponder(ca, options.kind ?? 'p256', notBefore, notAfter);
      const answered = await answerOcsp(await responder, asked, revoked, now);
      return send(response, 200, 'application/ocsp-response', answered);
    }
    if (request.method !== 'POST' || request.headers['content-type'] !== 'application/timestamp-query') {
      return send(response, 400, 'text/plain', Buffer.from('POST an application/timestamp-query\n'));
    }
    const query = await readQuery(request);
    if (query === null) return send(response, 413, 'text/plain', Buffer.from('query too large\n'));
    requests.push(query);
    const reply = await answer(query, {
      authority,
      policy: options.policy ?? SAMPLE_POLICY,
      clock,
      fault,
      certify,
    });
    if (reply === 'hang') return;
    send(response, reply.status, reply.type, reply.body);
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch(() => response.destroy());
  });
  return {
    url: `${base}/tsa`,
    services,
    ca,
    caPem: certificatePem(ca.certificate),
    caDer: ca.certificate,
    tsaCertificateDer: ownCertificate(authority),
    requests,
    setFault: (next) => {
      fault = next;
    },
    setServices: (next) => {
      state = next;
    },
    revoke: (revocation) => {
      revoked.push(revocation);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function createTsaCa(options: TsaOptions, notBefore: Date, notAfter: Date): Promise<Ca> {
  return createCa({
    subject: {
      commonName: options.caName ?? `Keywitness sample time-stamp CA (${SAMPLE_MARK})`,
      organization: SAMPLE_MARK,
    },
    kind: options.kind ?? 'p256',
    notBefore: new Date(notBefore.getTime() - DAY),
    notAfter: new Date(notAfter.getTime() + DAY),
  });
}

async function createAuthority(
  ca: Ca,
  kind: KeyKind,
  profile: 'timestamp' | 'signer',
  notBefore: Date,
  notAfter: Date,
  services: RevocationServices | null,
): Promise<Signer> {
  const { signer } = await createCertifiedKey(ca, {
    profile,
    kind,
    subject: {
      commonName: `Keywitness sample time-stamp authority (${SAMPLE_MARK})`,
      organization: SAMPLE_MARK,
    },
    notBefore,
    notAfter,
    ...services,
  });
  return signer;
}

function send(response: ServerResponse, status: number, type: string, body: Uint8Array): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body);
}

async function readQuery(request: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_QUERY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
