import type { KeyObject } from 'node:crypto';
import { SAMPLE_MARK } from './sample-mark.ts';
import type { Signer } from './signer.ts';
import { createCa, createCertifiedKey, type Ca, type KeyKind } from './pki/ca.ts';

/** The demo's CA and the operator it certified. Keys live in memory and end with the process. */
export interface DemoSigner {
  readonly ca: Ca;
  readonly signer: Signer;
  readonly privateKey: KeyObject;
}

/** Makes the demo's CA, valid from a day before `now` for ten years. */
export function createDemoCa(now: Date, kind: KeyKind = 'p256'): Promise<Ca> {
  return createCa({
    subject: { commonName: `Keywitness sample CA (${SAMPLE_MARK})`, organization: SAMPLE_MARK },
    kind,
    notBefore: dayBefore(now),
    notAfter: yearsAfter(now, 10),
  });
}

/** Makes the demo's signer, valid from a day before `now` for two years, and a CA unless one is given. */
export async function createDemoSigner(
  now: Date,
  options: {
    kind?: KeyKind;
    commonName?: string;
    ca?: Ca;
    /** Revocation services that the certificate names. */
    services?: { crlUrl?: string; ocspUrl?: string; issuerUrl?: string };
  } = {},
): Promise<DemoSigner> {
  const ca = options.ca ?? (await createDemoCa(now, options.kind));
  const certified = await createCertifiedKey(ca, {
    profile: 'signer',
    kind: options.kind ?? 'p256',
    subject: {
      commonName: `${options.commonName ?? 'Keywitness sample operator'} (${SAMPLE_MARK})`,
      organization: SAMPLE_MARK,
    },
    notBefore: dayBefore(now),
    notAfter: yearsAfter(now, 2),
    ...options.services,
  });
  return { ca, ...certified };
}

const dayBefore = (now: Date): Date => new Date(now.getTime() - 24 * 3_600_000);

function yearsAfter(start: Date, years: number): Date {
  const end = new Date(start);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  return end;
}
