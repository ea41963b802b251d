import { describe, expect, it } from 'vitest';
import {
  missingIn,
  previewed,
  timestampOf,
  type PackDraft,
} from '../../../renderer/screens/pack/pack-draft.ts';
import { signerOf, type SignerDraft } from '../../../renderer/seal/signer-draft.ts';

const SIGNER: SignerDraft = {
  kind: 'pkcs12',
  path: '/home/ann/me.p12 ',
  place: '',
  certificate: '',
  root: '',
  secret: 'correct horse',
};
const DRAFT: PackDraft = {
  urls: 'http://one.example/, http://two.example/',
  roots: [],
  folder: '/packs',
  redaction: { on: false, fields: '', principals: '', reason: '' },
};

describe('what is decided about a pack', () => {
  it('names authorities in the order in which they are tried, or none', () => {
    expect(timestampOf(DRAFT)).toEqual({ urls: ['http://one.example/', 'http://two.example/'], roots: [] });
    expect(timestampOf({ ...DRAFT, urls: '  ' })).toBeNull();
  });

  it('lacks a signer, an address that is one, a field or principal to withhold, or the reason', () => {
    const withheld = (redaction: Partial<PackDraft['redaction']>) =>
      missingIn({ ...DRAFT, redaction: { ...DRAFT.redaction, on: true, ...redaction } }, SIGNER);
    expect(missingIn(DRAFT, SIGNER)).toBeNull();
    expect(missingIn(DRAFT, { ...SIGNER, path: ' ' })).toBe('Say who signs.');
    expect(missingIn({ ...DRAFT, urls: 'timestamp.example' }, SIGNER)).toMatch(
      /^timestamp\.example is no address/,
    );
    expect(withheld({})).toBe('Name a field or a principal to withhold.');
    expect(withheld({ fields: 'sourceIPAddress\n' })).toBe('Say why values are withheld.');
    expect(withheld({ fields: 'sourceIPAddress', reason: 'privacy' })).toBeNull();
  });

  it('makes a preview stale when anything changes but the passphrase and the folder', () => {
    const of = previewed('s1', DRAFT, SIGNER);
    expect(previewed('s1', { ...DRAFT, folder: '/elsewhere' }, { ...SIGNER, secret: 'typed again' })).toBe(
      of,
    );
    expect(previewed('s2', DRAFT, SIGNER)).not.toBe(of);
    expect(previewed('s1', DRAFT, { ...SIGNER, path: '/other.p12' })).not.toBe(of);
    expect(of).not.toContain('correct horse');
  });
});

describe('a signer', () => {
  it('is given to the engine as it is named: a file, or the place of a key', () => {
    expect(signerOf(SIGNER)).toEqual({
      kind: 'pkcs12',
      path: '/home/ann/me.p12',
      passphrase: 'correct horse',
      roots: [],
    });
    expect(signerOf({ ...SIGNER, kind: 'place', place: 'aws-kms:alias/x', certificate: 'c.pem' })).toEqual({
      kind: 'place',
      place: 'aws-kms:alias/x',
      secret: 'correct horse',
      certificates: ['c.pem'],
      roots: [],
    });
  });
});
