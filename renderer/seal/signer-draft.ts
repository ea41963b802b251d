import type { SignerChoice } from '../../electron/api/shared.ts';

/** What is entered about who signs. Secrets live here until they are used, and nowhere else. */
export interface SignerDraft {
  kind: 'pkcs12' | 'place' | 'sample';
  /** PKCS#12 file. */
  path: string;
  /** Where the key is, when it is in no file. */
  place: string;
  /** Certificate of a key that comes without. */
  certificate: string;
  root: string;
  secret: string;
}

/** The draft as the contract takes it. */
export function signerOf(draft: SignerDraft): SignerChoice {
  const roots = listed(draft.root);
  switch (draft.kind) {
    case 'pkcs12':
      return { kind: 'pkcs12', path: draft.path.trim(), passphrase: draft.secret, roots };
    case 'place':
      return {
        kind: 'place',
        place: draft.place.trim(),
        secret: draft.secret,
        certificates: listed(draft.certificate),
        roots,
      };
    case 'sample':
      return { kind: 'sample' };
  }
}

/** A path that may be left empty, as a list. */
export const listed = (path: string): string[] => (path.trim() === '' ? [] : [path.trim()]);

/** Whether enough is known to open the signer. */
export function isNamed({ kind, path, place }: SignerDraft): boolean {
  return kind === 'sample' || (kind === 'pkcs12' ? path : place).trim() !== '';
}
