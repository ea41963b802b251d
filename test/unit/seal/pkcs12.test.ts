import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createPkcs12 } from '../../../electron/seal/signers/create-pkcs12.ts';
import { openPkcs12 } from '../../../electron/seal/signers/pkcs12.ts';
import { signCades, verifyCades } from '../../../electron/seal/cades.ts';
import { generateKey } from '../../../electron/seal/pki/ca.ts';
import { pem } from '../../../electron/seal/trust.ts';
import { sequence } from '../../../electron/seal/der/write.ts';
import { days, flipped, identity, KINDS, LATER, NOW, testCa } from './fixtures.ts';
import { hasOpenssl, workplace } from './openssl.ts';

const PASSPHRASE = 'Zürich 監査 "$x"';

describe('PKCS#12 files', () => {
  test.each(KINDS)('%s: a file of ours opens and signs, with the path in order', async (kind) => {
    const { privateKey, signer, ca } = await identity(kind);
    const file = createPkcs12(privateKey, [ca.certificate, signer.certificates[0] as Uint8Array], PASSPHRASE);
    const opened = await openPkcs12(file, PASSPHRASE, NOW);
    expect(opened.certificates.map((der) => Buffer.from(der))).toEqual(
      signer.certificates.map((der) => Buffer.from(der)),
    );
    expect(opened).toMatchObject({ kind: signer.kind, digest: signer.digest, description: 'PKCS#12 file' });
    const { signature } = await signCades(Buffer.from('x'), opened, { signingTime: NOW });
    expect(verifyCades(signature, Buffer.from('x'), { trusted: [ca.certificate], at: LATER }).valid).toBe(
      true,
    );
  });

  test('certificates that have nothing to do with the key are left out', async () => {
    const { privateKey, signer } = await identity();
    const stranger = await testCa('Stranger');
    const file = createPkcs12(privateKey, [stranger.certificate, ...signer.certificates], PASSPHRASE);
    expect((await openPkcs12(file, PASSPHRASE, NOW)).certificates).toHaveLength(2);
  });

  test.each(['', 'zürich 監査 "$x"', 'Zürich'])(
    'the wrong passphrase "%s" is told so, and not repeated in the message',
    async (wrong) => {
      const { privateKey, signer } = await identity();
      const file = createPkcs12(privateKey, signer.certificates, PASSPHRASE);
      const error = await openPkcs12(file, wrong, NOW).catch((reason: unknown) => reason as Error);
      expect(error).toMatchObject({ code: 'PASSPHRASE_WRONG' });
      expect((error as Error).message).not.toContain(PASSPHRASE);
      if (wrong !== '') expect((error as Error).message).not.toContain(wrong);
    },
  );

  test('a damaged file is not opened, wherever the damage is', async () => {
    const { privateKey, signer } = await identity();
    const file = createPkcs12(privateKey, signer.certificates, PASSPHRASE);
    for (const at of [0, 30, 400, Math.floor(file.length / 2), -60, -5]) {
      await expect(openPkcs12(flipped(file, at), PASSPHRASE, NOW)).rejects.toMatchObject({
        name: 'SealError',
      });
    }
    for (const bytes of [new Uint8Array(), Buffer.from('-----BEGIN'), sequence()]) {
      await expect(openPkcs12(bytes, PASSPHRASE, NOW)).rejects.toMatchObject({ code: 'MALFORMED' });
    }
  });

  test.each([
    ['has ended', days(400), 'CERTIFICATE_EXPIRED'],
    ['has not begun', days(-9), 'CERTIFICATE_NOT_YET_VALID'],
  ])('a certificate whose validity %s is not used', async (_, at, code) => {
    const { privateKey, signer } = await identity();
    await expect(
      openPkcs12(createPkcs12(privateKey, signer.certificates, PASSPHRASE), PASSPHRASE, at),
    ).rejects.toMatchObject({ code });
  });

  test('a key without its certificate, and a certificate that may not sign, are told so', async () => {
    const { privateKey, signer, ca } = await identity();
    await expect(
      openPkcs12(createPkcs12(privateKey, [ca.certificate], PASSPHRASE), PASSPHRASE, NOW),
    ).rejects.toMatchObject({ code: 'CERTIFICATE_MISSING' });
    const caOnly = await ca.issue({
      profile: 'ca',
      subject: { commonName: 'CA only' },
      publicKey: signer.publicKey,
    });
    await expect(
      openPkcs12(createPkcs12(privateKey, [caOnly], PASSPHRASE), PASSPHRASE, NOW),
    ).rejects.toMatchObject({ code: 'CERTIFICATE_UNSUITABLE' });
  });

  test.each([
    ['RSA 2048', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['P-521', () => generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey],
    ['Ed25519', () => generateKeyPairSync('ed25519').privateKey],
  ])('the unsuitable key %s is refused with what to use', async (_, make) => {
    const { signer } = await identity();
    const error = openPkcs12(createPkcs12(make(), signer.certificates, PASSPHRASE), PASSPHRASE, NOW);
    await expect(error).rejects.toMatchObject({
      code: 'KEY_UNSUITABLE',
      message: expect.stringMatching(/3072 bits, P-256 or P-384/) as string,
    });
  });
});

describe.skipIf(!hasOpenssl)('PKCS#12 files and openssl', () => {
  const place = workplace();
  afterAll(() => place.remove());

  async function exported(name: string, ...args: string[]): Promise<Uint8Array> {
    const { privateKey, signer } = await identity();
    place.write('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }));
    place.write('chain.pem', signer.certificates.map((der) => pem('CERTIFICATE', der)).join(''));
    place.openssl(
      'pkcs12',
      '-export',
      '-inkey',
      'key.pem',
      '-in',
      'chain.pem',
      '-out',
      name,
      '-passout',
      `pass:${PASSPHRASE}`,
      ...args,
    );
    return readFileSync(join(place.folder, name));
  }

  test.each([
    ['the default AES-256', []],
    ['AES-128', ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC']],
    ['no MAC', ['-nomac']],
    ['a SHA-512 MAC', ['-macalg', 'sha512']],
    ['certificates in the clear', ['-certpbe', 'NONE']],
  ])('a file with %s opens', async (_, args) => {
    const file = await exported('new.p12', ...args);
    expect((await openPkcs12(file, PASSPHRASE, NOW)).certificates).toHaveLength(2);
    await expect(openPkcs12(file, 'wrong', NOW)).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
  });

  test.each([
    ['RC2 and 3DES', ['-legacy']],
    ['3DES', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES']],
  ])('%s is refused with a command that really converts the file', async (_, args) => {
    const error = (await openPkcs12(await exported('OLD.p12', ...args), PASSPHRASE, NOW).catch(
      (reason: unknown) => reason,
    )) as Error;
    expect(error).toMatchObject({ code: 'LEGACY_ENCRYPTION' });
    const commands = /Convert it with: (.*) \(each asks/.exec(error.message)?.[1]?.split(' && ') ?? [];
    const [first, second] = commands.map((command) => command.split(' ').slice(1)) as [string[], string[]];
    expect(commands[2]).toBe('rm TEMP.pem');
    place.openssl(...first, '-passin', `pass:${PASSPHRASE}`, '-passout', 'pass:temporary');
    place.openssl(...second, '-passin', 'pass:temporary', '-passout', 'pass:new');
    expect(
      (await openPkcs12(readFileSync(join(place.folder, 'NEW.p12')), 'new', NOW)).certificates,
    ).toHaveLength(2);
  });

  test('a file without a key is told so', async () => {
    await expect(openPkcs12(await exported('nokey.p12', '-nokeys'), PASSPHRASE, NOW)).rejects.toMatchObject({
      code: 'PRIVATE_KEY_MISSING',
    });
  });

  test.each(KINDS)('%s: openssl opens a file of ours', async (kind) => {
    const { signer } = await identity(kind);
    place.write('ours.p12', createPkcs12(await generateKey(kind), signer.certificates, PASSPHRASE));
    const text = place.openssl(
      'pkcs12',
      '-in',
      'ours.p12',
      '-passin',
      `pass:${PASSPHRASE}`,
      '-info',
      '-nodes',
    );
    expect(text).toMatch(/PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256/);
    expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });
});
