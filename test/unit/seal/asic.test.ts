import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseAsicManifest,
  writeAsicManifest,
  writeManifest,
  ASIC,
} from '../../../electron/seal/asic/manifest.ts';
import { parseXml } from '../../../electron/seal/asic/xml.ts';
import { sealContainer } from '../../../electron/seal/asic.ts';
import { verifyCades } from '../../../electron/seal/cades.ts';
import { imprintOf } from '../../../electron/seal/digest.ts';
import { identity, LATER, NOW } from './fixtures.ts';

const entry = (path: string, mimeType: string | null = 'text/csv') => ({
  path,
  mimeType,
  imprint: imprintOf(Buffer.from(path)),
});
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const manifest = text(writeAsicManifest([entry('data/keys.csv')]));
const parse = (xml: string) => parseAsicManifest(Buffer.from(xml), 'META-INF/ASiCManifest001.xml');

describe('ASiC manifests', () => {
  test('a manifest has the form of EN 319 162-1', () => {
    expect(manifest).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n' +
        '  <asic:SigReference MimeType="application/pkcs7-signature" URI="META-INF/signature001.p7s"/>\n' +
        '  <asic:DataObjectReference MimeType="text/csv" URI="data/keys.csv">\n' +
        '    <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>\n' +
        '    <ds:DigestValue>e2jRN3ucVQ5mlb6BCAUHj3HpMfFZFxLWFR7Sc3qvprY=</ds:DigestValue>\n'.replace(
          /e2j[^<]*/,
          Buffer.from(imprintOf(Buffer.from('data/keys.csv')).digest).toString('base64'),
        ) +
        '  </asic:DataObjectReference>\n' +
        '</asic:ASiCManifest>\n',
    );
  });

  test('what is written is read back, in order, whatever the names', () => {
    const part = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((name) => !/[/\\:\p{C}]|^\.{1,2}$/u.test(name) && name.isWellFormed());
    const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 8 }), (paths) => {
        const entries = paths.map((name) => entry(name, name.length % 2 ? null : 'a/b&"<'));
        const read = parseAsicManifest(writeAsicManifest(entries), 'm');
        expect(read.entries.map(({ path: name, mimeType }) => [name, mimeType])).toEqual(
          entries.map(({ path: name, mimeType }) => [name, mimeType]),
        );
        expect(read.entries.map(({ imprint }) => Buffer.from(imprint.digest))).toEqual(
          entries.map(({ imprint }) => Buffer.from(imprint.digest)),
        );
      }),
    );
  });

  test('the archive manifest names the time-stamp and marks the root file', () => {
    const bytes = writeManifest({
      seal: { path: ASIC.timestamp, mimeType: 'application/vnd.etsi.timestamp-token' },
      entries: [{ ...entry(ASIC.manifest, 'text/xml'), root: true }, entry(ASIC.signature)],
    });
    const read = parseAsicManifest(bytes, 'm');
    expect(read.seal).toEqual({ path: ASIC.timestamp, mimeType: 'application/vnd.etsi.timestamp-token' });
    expect(read.entries.map(({ path, root }) => [path, root])).toEqual([
      [ASIC.manifest, true],
      [ASIC.signature, undefined],
    ]);
  });

  test('a manifest by another program, with other prefixes, quotes and spaces, is read', () => {
    const other = `<?xml version='1.0'?><!-- made elsewhere --><ASiCManifest xmlns='http://uri.etsi.org/02918/v1.2.1#'>
      <SigReference URI='META-INF/signature001.p7s' />
      <DataObjectReference URI='a%20b.txt' Rootfile='false'><d:DigestMethod xmlns:d='http://www.w3.org/2000/09/xmldsig#' Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'></d:DigestMethod>
      <d:DigestValue xmlns:d='http://www.w3.org/2000/09/xmldsig#'> ${Buffer.alloc(32).toString('base64')} </d:DigestValue></DataObjectReference></ASiCManifest>`;
    const read = parse(other);
    expect(read.seal.mimeType).toBe('application/pkcs7-signature');
    expect(read.entries[0]).toMatchObject({ path: 'a b.txt', mimeType: null });
  });

  test.each<[string, (xml: string) => string]>([
    ['a document type', (xml) => xml.replace('<asic:ASiC', '<!DOCTYPE x [<!ENTITY e "y">]><asic:ASiC')],
    ['an unknown entity', (xml) => xml.replace('text/csv', '&e;')],
    ['a processing instruction', (xml) => xml.replace('<asic:Sig', '<?php ?><asic:Sig')],
    ['CDATA', (xml) => xml.replace('<ds:DigestValue>', '<ds:DigestValue><![CDATA[x]]>')],
    ['a cut end', (xml) => xml.slice(0, -5)],
    ['a second document', (xml) => `${xml}<x/>`],
    ['text after the end', (xml) => `${xml}x`],
    ['a wrong closing tag', (xml) => xml.replace('</ds:DigestValue>', '</ds:DigestMethod>')],
    ['an undeclared prefix', (xml) => xml.replace('<asic:SigReference', '<zzz:SigReference')],
    ['an attribute twice', (xml) => xml.replace('URI="data', 'URI="x" URI="data')],
    ['another namespace', (xml) => xml.replace('02918/v1.2.1#', '02918/v9#')],
    [
      'an unexpected element',
      (xml) => xml.replace('</asic:ASiCManifest>', '<asic:Other/></asic:ASiCManifest>'),
    ],
    ['no digest', (xml) => xml.replace(/<ds:DigestValue>.*<\/ds:DigestValue>/, '')],
    ['two digests', (xml) => xml.replace(/(<ds:DigestValue>.*<\/ds:DigestValue>)/, '$1$1')],
    ['a digest of the wrong length', (xml) => xml.replace(/<ds:DigestValue>.*</, '<ds:DigestValue>AAAA<')],
    ['a digest that is not base64', (xml) => xml.replace(/<ds:DigestValue>./, '<ds:DigestValue>*')],
    [
      'SHA-1',
      (xml) =>
        xml.replace('http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2000/09/xmldsig#sha1'),
    ],
    ['a path to the parent', (xml) => xml.replace('data/keys.csv', '../keys.csv')],
    ['an encoded path to the parent', (xml) => xml.replace('data/keys.csv', 'data/%2e%2e/%2e%2e/keys.csv')],
    ['an absolute path', (xml) => xml.replace('data/keys.csv', '/etc/passwd')],
    ['a drive', (xml) => xml.replace('data/keys.csv', 'C:/keys.csv')],
    ['bad percent encoding', (xml) => xml.replace('data/keys.csv', 'data/%zz')],
    ['deep nesting', (xml) => xml.replace('<asic:Sig', `${'<asic:a>'.repeat(50)}<asic:Sig`)],
  ])('%s is refused', (_, change) => {
    const changed = change(manifest);
    expect(changed).not.toBe(manifest);
    expect(() => parse(changed)).toThrow(/^cannot (read|use|check)/);
  });

  test('the same file twice, and bytes that are no UTF-8, are refused', () => {
    expect(() => writeAsicManifest([entry('a'), entry('a')])).toThrow(/"a" appears twice/);
    expect(() => parseAsicManifest(Buffer.from([0x3c, 0xff]), 'm')).toThrow(/not UTF-8/);
  });

  test('entities and comments in XML are understood', () => {
    const read = parseXml('<a b="&lt;&#x41;&#66;&amp;"><!-- c - c -->t&quot;</a>', 'x');
    expect(read).toMatchObject({ name: 'a', text: 't"' });
    expect(read.attributes.get('b')).toBe('<AB&');
  });
});

describe('container seals', () => {
  test('the manifest is signed and comes before its signature', async () => {
    const { signer, ca } = await identity();
    const { files, ...outcome } = await sealContainer([entry('data/a'), entry('b')], signer, {
      signingTime: NOW,
      timestamp: null,
    });
    expect(files.map(({ path }) => path)).toEqual([ASIC.manifest, ASIC.signature]);
    expect(outcome).toMatchObject({ level: 'B-B', provenTime: null, hosts: [] });
    expect(outcome.pending).toBe('no timestamp authority was given');
    const [xml, p7s] = files.map(({ bytes }) => bytes) as [Uint8Array, Uint8Array];
    expect(verifyCades(p7s, xml, { trusted: [ca.certificate], at: LATER })).toMatchObject({
      valid: true,
      trust: 'trusted',
    });
    expect(parseAsicManifest(xml, 'm').entries.map(({ path }) => path)).toEqual(['data/a', 'b']);
  });
});
