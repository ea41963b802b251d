import type { KeyObject } from 'node:crypto';
import { PDFDocument } from 'pdf-lib';
import type { Signer } from '../../../electron/seal/signer.ts';
import { createCa, createCertifiedKey, type Ca, type KeyKind } from '../../../electron/seal/pki/ca.ts';

export const NOW = new Date('2026-07-01T10:00:00Z');
export const LATER = new Date('2026-07-02T10:00:00Z');
export const days = (count: number, from: Date = NOW): Date => new Date(from.getTime() + count * 86_400_000);

export const KINDS = ['rsa', 'p256', 'p384'] as const satisfies readonly KeyKind[];

export interface Identity {
  readonly ca: Ca;
  readonly signer: Signer;
  readonly privateKey: KeyObject;
}

const made = new Map<KeyKind, Promise<Identity>>();

/** A CA and a signer per kind of key, made once per test file: RSA keys are slow to make. */
export function identity(kind: KeyKind = 'p256'): Promise<Identity> {
  const known = made.get(kind);
  if (known) return known;
  const fresh = makeIdentity(kind);
  made.set(kind, fresh);
  return fresh;
}

async function makeIdentity(kind: KeyKind): Promise<Identity> {
  const ca = await testCa('Test CA');
  const certified = await createCertifiedKey(ca, {
    profile: 'signer',
    kind,
    subject: { commonName: 'Zoë Łukasz 監査', organization: 'Example, Inc.', country: 'CH' },
    notBefore: days(-1),
    notAfter: days(365),
  });
  return { ca, ...certified };
}

export function testCa(commonName: string, from = days(-10), to = days(3650)): Promise<Ca> {
  return createCa({ subject: { commonName, organization: 'Tests' }, notBefore: from, notAfter: to });
}

export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const out = Uint8Array.from(bytes);
  const index = at < 0 ? out.length + at : at;
  out[index] = (out[index] ?? 0) ^ 1;
  return out;
}

/** A small PDF with two pages, with or without object streams. */
export async function smallPdf(useObjectStreams: boolean): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.addPage([300, 300]).drawText('Evidence');
  document.addPage([300, 300]);
  document.setCreationDate(NOW);
  document.setModificationDate(NOW);
  return document.save({ useObjectStreams });
}
