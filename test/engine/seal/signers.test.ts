import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../../electron/sandbox/index.ts';
import { startSigningVault } from '../../../electron/sandbox/azure/signing-vault.ts';
import { startSigningTransit } from '../../../electron/sandbox/vault/signing-transit.ts';
import { signCades, verifyCades } from '../../../electron/seal/cades.ts';
import { createCsr, createSelfSigned } from '../../../electron/seal/pki/csr.ts';
import { withCertificates, type SigningKey } from '../../../electron/seal/signer.ts';
import { openAwsKmsKey } from '../../../electron/seal/signers/aws-kms.ts';
import { openAzureKey } from '../../../electron/seal/signers/azure-key-vault.ts';
import { parseSignerPlace } from '../../../electron/seal/signers/place.ts';
import { openPkcs11Key } from '../../../electron/seal/signers/pkcs11.ts';
import { openTransitKey } from '../../../electron/seal/signers/vault-transit.ts';
import { pem } from '../../../electron/seal/trust.ts';
import { hasOpenssl, workplace } from '../../unit/seal/openssl.ts';

const CONTENT = Buffer.from('the manifest');
const NOW = new Date();
const SUBJECT = { commonName: 'Zoë Łukasz', organization: 'Firm', country: 'CH' };

/** Everything that a key must be able to do, through its one callback. */
async function proves(key: SigningKey): Promise<void> {
  const own = await createSelfSigned(key, {
    subject: SUBJECT,
    notBefore: new Date(NOW.getTime() - 60_000),
    notAfter: new Date(NOW.getTime() + 86_400_000),
  });
  const { signature } = await signCades(CONTENT, withCertificates(key, [own]), { signingTime: NOW });
  expect(verifyCades(signature, CONTENT, { trusted: [own] })).toMatchObject({
    valid: true,
    trust: 'trusted',
  });
  const csr = await createCsr(key, SUBJECT);
  if (!hasOpenssl) return;
  const place = workplace();
  onTestFinished(() => place.remove());
  place.write('request.pem', pem('CERTIFICATE REQUEST', csr));
  expect(place.openssl('req', '-verify', '-noout', '-in', 'request.pem')).toMatch(/verify OK/);
}

describe('AWS KMS', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.close());

  const config = () => ({ endpoint: sandbox.aws.endpoint, credentials: sandbox.aws.credentials.admin });
  const keyOf = (story: string) => sandbox.company.keys.find((key) => key.story === story)!;

  test.each(['rsa-3072-sign', 'ecc-p256-sign'])('%s signs, requests and certifies itself', async (story) => {
    await proves(await openAwsKmsKey({ keyId: keyOf(story).arn }, config()));
  });

  test('who may not is told so, in the service’s words', async () => {
    const stranger = { ...config(), credentials: sandbox.aws.credentials.auditor };
    const key = await openAwsKmsKey({ keyId: keyOf('ecc-p256-sign').arn }, stranger);
    await expect(key.sign(CONTENT)).rejects.toMatchObject({
      code: 'KEY_SERVICE_REFUSED',
      message: expect.stringMatching(/AccessDeniedException/) as string,
    });
  });

  test('a symmetric key and a short RSA key are refused with what to use', async () => {
    const symmetric = sandbox.company.keys.find((key) => key.spec === 'SYMMETRIC_DEFAULT' && !key.deletedAt)!;
    await expect(openAwsKmsKey({ keyId: symmetric.arn }, config())).rejects.toThrow(
      /has no public key|UnsupportedOperation|AccessDenied/,
    );
    await expect(openAwsKmsKey({ keyId: keyOf('rsa-2048-sign').arn }, config())).rejects.toMatchObject({
      code: 'KEY_UNSUITABLE',
    });
  });
});

describe('Azure Key Vault', () => {
  const HTTP = {
    allowInsecureConnection: true,
    disableChallengeResourceVerification: true,
    retryOptions: { maxRetries: 0 },
  };
  const credential = (token: string) => ({
    getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
  });

  test.each(['RSA-3072', 'P-256', 'P-384'] as const)(
    '%s signs, requests and certifies itself',
    async (kind) => {
      const vault = await startSigningVault(kind);
      onTestFinished(() => vault.close());
      await proves(await openAzureKey({ url: vault.keyUrl }, credential(vault.token), HTTP));
    },
  );

  test('who may not, and what is no key address, are told so', async () => {
    const vault = await startSigningVault('P-256');
    onTestFinished(() => vault.close());
    await expect(openAzureKey({ url: vault.keyUrl }, credential('wrong'), HTTP)).rejects.toMatchObject({
      code: 'KEY_SERVICE_REFUSED',
    });
    await expect(
      openAzureKey({ url: 'https://v.vault.azure.net/secrets/x' }, credential('t')),
    ).rejects.toThrow(/it is no key address/);
  });
});

describe('Vault transit', () => {
  test.each(['rsa-3072', 'ecdsa-p256', 'ecdsa-p384'] as const)(
    '%s signs, also after a rotation',
    async (type) => {
      const vault = await startSigningTransit(type);
      onTestFinished(() => vault.close());
      const key = await openTransitKey({ address: vault.address, name: 'evidence', token: vault.token });
      vault.rotate();
      await proves(key);
    },
  );

  test('a wrong token and a key that is not there are told so', async () => {
    const vault = await startSigningTransit('ecdsa-p256');
    onTestFinished(() => vault.close());
    const open = (name: string, token: string) => openTransitKey({ address: vault.address, name, token });
    await expect(open('evidence', 'no')).rejects.toThrow(/HTTP 403: permission denied/);
    await expect(open('other', vault.token)).rejects.toMatchObject({ code: 'KEY_SERVICE_REFUSED' });
  });
});

/** pkcs11js is compiled where it is used; tests put it into a folder of their own, once for the machine. */
function pkcs11Folder(): string | { skip: string } {
  const folder = join(tmpdir(), 'keywitness-pkcs11js-2.1.7');
  const built = join(folder, 'node_modules/pkcs11js/build/Release/pkcs11.node');
  if (!existsSync(built)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const done = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', 'pkcs11js@2.1.7'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 240_000,
    });
    if (!existsSync(built))
      spawnSync('npm', ['rebuild', '--foreground-scripts', 'pkcs11js'], { cwd: folder, timeout: 240_000 });
    if (!existsSync(built))
      return { skip: `pkcs11js cannot be built here: ${(done.stderr ?? '').slice(0, 200)}` };
  }
  return folder;
}

const LIBRARY = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
].find(existsSync);

function pkcs11Place(): { folder: string; library: string } | { skip: string } {
  if (!LIBRARY) return { skip: 'SoftHSM2 is not installed (Debian: apt install softhsm2)' };
  const folder = pkcs11Folder();
  return typeof folder === 'string' ? { folder, library: LIBRARY } : folder;
}

describe('PKCS#11 tokens', () => {
  const place = pkcs11Place();
  const skipped = 'skip' in place;
  // eslint-disable-next-line no-console -- a skip must say why
  if (skipped) console.warn(`PKCS#11 tests skipped: ${place.skip}`);
  let home = '';
  beforeAll(() => {
    if (skipped) return;
    home = mkdtempSync(join(tmpdir(), 'keywitness-softhsm-'));
    mkdirSync(join(home, 'tokens'));
    writeFileSync(join(home, 'softhsm2.conf'), `directories.tokendir = ${join(home, 'tokens')}\n`);
    process.env['SOFTHSM2_CONF'] = join(home, 'softhsm2.conf');
    execFileSync('softhsm2-util', [
      '--init-token',
      '--free',
      '--label',
      'firm',
      '--so-pin',
      '1234',
      '--pin',
      '5678',
    ]);
    for (const [label, id, kind] of [
      ['rsa', '01', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072']],
      ['p256', '02', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']],
      ['p384', '03', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384']],
    ] as const) {
      const file = join(home, `${label}.pem`);
      writeFileSync(file, execFileSync('openssl', [...kind], { stdio: ['ignore', 'pipe', 'ignore'] }));
      execFileSync('softhsm2-util', [
        '--import',
        file,
        '--token',
        'firm',
        '--label',
        label,
        '--id',
        id,
        '--pin',
        '5678',
      ]);
    }
  }, 120_000);
  afterAll(() => {
    if (home) rmSync(home, { recursive: true, force: true });
  });

  const open = (object: string, pin = '5678') => {
    if ('skip' in place) throw new Error(place.skip);
    return openPkcs11Key({ module: place.library, token: 'firm', object, pin, installedIn: place.folder });
  };

  test.skipIf(skipped).each(['rsa', 'p256', 'p384'])(
    '%s signs, requests and certifies itself',
    async (object) => {
      const { key, close } = await open(object);
      try {
        await proves(key);
      } finally {
        close();
      }
    },
  );

  test('without the package it says how to install it', async () => {
    const nowhere = mkdtempSync(join(tmpdir(), 'keywitness-nothing-'));
    onTestFinished(() => rmSync(nowhere, { recursive: true }));
    await expect(openPkcs11Key({ module: '/x.so', pin: '', installedIn: nowhere })).rejects.toMatchObject({
      code: 'PKCS11_UNAVAILABLE',
      message: expect.stringContaining('npm install --no-save') as string,
    });
  });
});

describe('naming a signer', () => {
  test.each([
    ['me.p12', { kind: 'pkcs12', file: 'me.p12' }],
    ['C:\\keys\\me.p12', { kind: 'pkcs12', file: 'C:\\keys\\me.p12' }],
    [
      'pkcs11:token=My%20Token;object=audit?module-path=/usr/lib/x.so',
      { kind: 'pkcs11', module: '/usr/lib/x.so', token: 'My Token', object: 'audit' },
    ],
    ['aws-kms:alias/audit?region=eu-west-1', { kind: 'aws-kms', keyId: 'alias/audit', region: 'eu-west-1' }],
    [
      'aws-kms:arn:aws:kms:eu-west-1:111122223333:key/k',
      { kind: 'aws-kms', keyId: 'arn:aws:kms:eu-west-1:111122223333:key/k' },
    ],
    [
      'azure-key-vault:https://v.vault.azure.net/keys/a',
      { kind: 'azure-key-vault', url: 'https://v.vault.azure.net/keys/a' },
    ],
    ['vault-transit:team/transit/audit', { kind: 'vault-transit', mount: 'team/transit', name: 'audit' }],
  ])('%s', (text, place) => {
    expect(parseSignerPlace(text)).toEqual(place);
  });

  test.each(['pkcs11:token=a', 'aws-kms:', 'vault-transit:audit', 'gcp-kms:projects/x'])(
    '%s is refused',
    (text) => {
      expect(() => parseSignerPlace(text)).toThrow(/^cannot use the signer/);
    },
  );
});
