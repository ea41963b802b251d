import type { KeyObject } from 'node:crypto';
import type { Signer } from './signer.ts';
import { createCa, createCertifiedKey, type Ca, type KeyKind } from './pki/ca.ts';

/** In every subject of the demo, so that no reader can take it for evidence. */
export const SAMPLE_MARK = 'SAMPLE — NOT EVIDENCE';

/** The demo's CA and the operator it certified. Keys live in memory and end with the process. */
export interface DemoSigner {
  readonly ca: Ca;
  readonly signer: Signer;
  readonly privateKey: KeyObject;
}

/** Makes the demo's CA and signer, valid from a day before `now` for two years (the CA: ten). */
export async function createDemoSigner(
  now: Date,
  options: { kind?: KeyKind; commonName?: string; crlUrl?: string } = {},
): Promise<DemoSigner> {
  const notBefore = new Date(now.getTime() - 24 * 3_600_000);
  const ca = await createCa({
    subject: { commonName: `Keywitness sample CA (${SAMPLE_MARK})`, organization: SAMPLE_MARK },
    kind: options.kind ?? 'p256',
    notBefore,
    notAfter: yearsAfter(now, 10),
  });
  const certified = await createCertifiedKey(ca, {
    profile: 'signer',
    kind: options.kind ?? 'p256',
    subject: {
      commonName: `${options.commonName ?? 'Keywitness sample operator'} (${SAMPLE_MARK})`,
      organization: SAMPLE_MARK,
    },
    notBefore,
    notAfter: yearsAfter(now, 2),
    ...(options.crlUrl ? { crlUrl: options.crlUrl } : {}),
  });
  return { ca, ...certified };
}

function yearsAfter(start: Date, years: number): Date {
  const end = new Date(start);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  return end;
}
