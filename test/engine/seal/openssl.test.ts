import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTsa, type Tsa } from '../../../electron/sandbox/tsa/tsa.ts';
import { sealContainer } from '../../../electron/seal/asic.ts';
import { ASIC } from '../../../electron/seal/asic/manifest.ts';
import { parseSignedData } from '../../../electron/seal/cms/signed-data.ts';
import { createDemoCa, createDemoSigner, type DemoSigner } from '../../../electron/seal/demo-signer.ts';
import { imprintOf } from '../../../electron/seal/digest.ts';
import { OID } from '../../../electron/seal/oids.ts';
import { inspectPdfSignatures, signPdf } from '../../../electron/seal/pades.ts';
import { createCrl } from '../../../electron/seal/pki/crl.ts';
import { createCsr } from '../../../electron/seal/pki/csr.ts';
import { requestTimestamp } from '../../../electron/seal/timestamp/client.ts';
import { verifyTimestampToken } from '../../../electron/seal/timestamp/token.ts';
import { certificatePem, pem, readCertificates } from '../../../electron/seal/trust.ts';
import { smallPdf } from '../../unit/seal/fixtures.ts';
import { hasOpenssl, workplace } from '../../unit/seal/openssl.ts';

const VERIFY = [
  'cms',
  '-verify',
  '-cades',
  '-binary',
  '-inform',
  'DER',
  '-CAfile',
  'ca.pem',
  '-out',
  'out.bin',
];

describe.skipIf(!hasOpenssl).each(['rsa', 'p256', 'p384'] as const)(
  'what we seal with %s, checked with openssl',
  (kind) => {
    const place = workplace();
    let demo: DemoSigner;
    let tsa: Tsa;
    let closeOwn: () => Promise<void>;
    beforeAll(async () => {
      const ca = await createDemoCa(new Date(), kind);
      tsa = await startTsa({ kind, revocation: true });
      const own = await startTsa({ kind, ca });
      closeOwn = () => own.close();
      demo = await createDemoSigner(new Date(), { kind, ca, services: own.services });
      place.write('ca.pem', certificatePem(demo.ca.certificate));
      place.write('tsa-ca.pem', tsa.caPem);
    });
    afterAll(async () => {
      await tsa.close();
      await closeOwn();
      place.remove();
    });

    test('the manifest’s signature, its time-stamp and the archive time-stamp', async () => {
      const entries = [{ path: 'data/a.csv', mimeType: 'text/csv', imprint: imprintOf(Buffer.from('a')) }];
      const seal = await sealContainer(entries, demo.signer, {
        signingTime: new Date(),
        timestamp: { urls: [tsa.url] },
      });
      const [manifest, signature] = seal.files.map(({ bytes }) => bytes) as [Uint8Array, Uint8Array];
      expect(seal).toMatchObject({ level: 'B-LTA', lacking: [] });
      for (const { path, bytes } of seal.files) place.write(path.replace('META-INF/', ''), bytes);
      const [p7s, xml] = ['signature001.p7s', 'ASiCManifest001.xml'];
      expect(place.openssl(...VERIFY, '-in', p7s, '-content', xml)).toMatch(/CAdES Verification successful/);
      expect(
        place.openssl(
          'ts',
          '-verify',
          '-token_in',
          '-in',
          'timestamp001.tst',
          '-data',
          'ASiCArchiveManifest.xml',
          '-CAfile',
          'tsa-ca.pem',
        ),
      ).toMatch(/Verification: OK/);
      const [info] = parseSignedData(signature).signers;
      place.write('value.bin', info?.signature ?? new Uint8Array());
      place.write('signature.tst', info?.unsigned.get(OID.signatureTimestamp)?.[0]?.der ?? new Uint8Array());
      expect(
        place.openssl(
          'ts',
          '-verify',
          '-token_in',
          '-in',
          'signature.tst',
          '-data',
          'value.bin',
          '-CAfile',
          'tsa-ca.pem',
        ),
      ).toMatch(/Verification: OK/);
      place.write(xml, Buffer.concat([manifest, Buffer.from(' ')]));
      expect(() => place.openssl(...VERIFY, '-in', p7s, '-content', xml)).toThrow(
        /CMS_verify_content|digest|verification failure/i,
      );
      expect(ASIC.signature.endsWith(p7s)).toBe(true);
    });

    test('the signature inside a PDF, over its byte range', async () => {
      const { pdf } = await signPdf(await smallPdf(true), demo.signer, {
        reason: 'x',
        signingTime: new Date(),
      });
      const [place1] = inspectPdfSignatures(pdf);
      const [, length, second, rest] = place1?.byteRange as readonly [number, number, number, number];
      place.write('range.bin', Buffer.concat([pdf.subarray(0, length), pdf.subarray(second, second + rest)]));
      place.write('pdf.p7s', place1?.contents ?? new Uint8Array());
      expect(place.openssl(...VERIFY, '-in', 'pdf.p7s', '-content', 'range.bin')).toMatch(
        /CAdES Verification successful/,
      );
    });

    test('a certificate request, the certificates and a revocation list', async () => {
      place.write(
        'csr.der',
        await createCsr(demo.signer, { commonName: 'Zoë', organization: 'Example', country: 'CH' }),
      );
      const csr = place.openssl('req', '-inform', 'DER', '-in', 'csr.der', '-verify', '-noout', '-text');
      expect(csr).toMatch(/verify OK/);
      expect(csr).toMatch(/Digital Signature, Non Repudiation[^]*E-mail Protection/);
      place.write('own.pem', certificatePem(demo.signer.certificates[0] as Uint8Array));
      expect(
        place.openssl('verify', '-x509_strict', '-purpose', 'smimesign', '-CAfile', 'ca.pem', 'own.pem'),
      ).toMatch(/own\.pem: OK/);
      const now = new Date();
      const crl = await createCrl(demo.ca, {
        number: 1,
        thisUpdate: now,
        nextUpdate: new Date(now.getTime() + 86_400_000),
        revoked: [{ serial: '0a', at: now }],
      });
      place.write('crl.pem', pem('X509 CRL', crl));
      expect(place.openssl('crl', '-in', 'crl.pem', '-CAfile', 'ca.pem', '-noout', '-text')).toMatch(
        /Serial Number: 0A[^]*verify OK/,
      );
      expect(
        place.openssl('verify', '-crl_check', '-CRLfile', 'crl.pem', '-CAfile', 'ca.pem', 'own.pem'),
      ).toMatch(/OK/);
    });
  },
);

/** `openssl ts -reply` behind HTTP: a second implementation of a time-stamp authority. */
describe.skipIf(!hasOpenssl)('an authority run by openssl', () => {
  const place = workplace();
  let server: Server;
  let url: string;
  beforeAll(async () => {
    place.write(
      'ext.cnf',
      'extendedKeyUsage = critical, timeStamping\nkeyUsage = critical, digitalSignature\n',
    );
    place.write(
      'ts.cnf',
      '[t]\nserial = serial\nsigner_digest = sha512\ndefault_policy = 1.2.3.4.1\nother_policies = 1.2.3.4.5\ndigests = sha256, sha384, sha512\n' +
        'accuracy = secs:1, millisecs:500, microsecs:100\nordering = yes\ntsa_name = yes\ness_cert_id_chain = yes\ness_cert_id_alg = sha1\nclock_precision_digits = 3\n',
    );
    place.write('serial', '01\n');
    place.openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=openssl CA',
      '-days',
      '30',
    );
    place.openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'tsa.key',
      '-out',
      'tsa.csr',
      '-subj',
      '/CN=openssl TSA',
    );
    place.openssl(
      'x509',
      '-req',
      '-in',
      'tsa.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      'tsa.pem',
      '-days',
      '20',
      '-extfile',
      'ext.cnf',
    );
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        place.write('query.tsq', Buffer.concat(chunks));
        place.openssl(
          'ts',
          '-reply',
          '-config',
          'ts.cnf',
          '-section',
          't',
          '-queryfile',
          'query.tsq',
          '-signer',
          'tsa.pem',
          '-inkey',
          'tsa.key',
          '-chain',
          'ca.pem',
          '-out',
          'reply.tsr',
        );
        response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
        response.end(readFileSync(join(place.folder, 'reply.tsr')));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    server.close();
    place.remove();
  });

  test.each(['sha256', 'sha384', 'sha512'] as const)(
    'gives a %s token that our client accepts, with a SHA-1 certificate id and fractions of a second',
    async (algorithm) => {
      const [root] = readCertificates(readFileSync(join(place.folder, 'ca.pem')));
      const content = Buffer.from('evidence');
      const stamp = await requestTimestamp(imprintOf(content, algorithm), {
        urls: [url],
        trusted: [root as Uint8Array],
      });
      expect(stamp).toMatchObject({ policy: '1.2.3.4.1', accuracyMs: 1500.1 });
      expect(Math.abs(stamp.genTime.getTime() - Date.now())).toBeLessThan(10_000);
      expect(verifyTimestampToken(stamp.token, content, { trusted: [root as Uint8Array] })).toMatchObject({
        valid: true,
        trust: 'trusted',
        chainProblems: [],
      });
    },
  );

  test('refuses a policy it does not have, in words', async () => {
    await expect(
      requestTimestamp(imprintOf(Buffer.from('x')), { urls: [url], policy: '9.9.9' }),
    ).rejects.toMatchObject({
      code: 'TSA_REJECTED',
      message: expect.stringMatching(/does not offer the requested policy/) as string,
    });
  });

  test('is answered by ours in turn: openssl makes the query and checks the reply', async () => {
    const tsa = await startTsa();
    place.write('data.bin', 'evidence');
    place.write('ours-ca.pem', tsa.caPem);
    place.openssl('ts', '-query', '-data', 'data.bin', '-sha512', '-cert', '-out', 'ours.tsq');
    const body = readFileSync(join(place.folder, 'ours.tsq'));
    const response = await fetch(tsa.url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body,
    });
    expect(response.headers.get('content-type')).toBe('application/timestamp-reply');
    place.write('ours.tsr', new Uint8Array(await response.arrayBuffer()));
    expect(
      place.openssl('ts', '-verify', '-queryfile', 'ours.tsq', '-in', 'ours.tsr', '-CAfile', 'ours-ca.pem'),
    ).toMatch(/Verification: OK/);
    await tsa.close();
  });
});
