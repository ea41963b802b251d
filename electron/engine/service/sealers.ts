import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { signerChoice, TimestampChoice } from '../../api/shared.ts';
import { openPkcs12 } from '../../seal/signers/pkcs12.ts';
import { openSigner } from '../../seal/signers/open.ts';
import { parseSignerPlace } from '../../seal/signers/place.ts';
import type { Signer } from '../../seal/signer.ts';
import type { TimestampOptions } from '../../seal/timestamp/client.ts';
import { readCertificates } from '../../seal/trust.ts';
import type { SampleEnvironment } from './sample.ts';

/** Who signs, who says when, and the certificates to put beside. */
export interface Sealers {
  signer: Signer | null;
  signerRoots: Uint8Array[];
  timestamp: TimestampOptions | null;
  authorityRoots: Uint8Array[];
}

export const certificatesIn = (files: readonly string[]): Uint8Array[] =>
  files.flatMap((path) => readCertificates(readFileSync(path), path));

/** The authorities chosen, with the certificates that they must lead to. @throws Error of a file that cannot be read */
export function timestampOptions(choice: TimestampChoice): TimestampOptions | null {
  if (choice === null) return null;
  const trusted = certificatesIn(choice.roots);
  return {
    urls: choice.urls,
    ...(choice.second?.length ? { second: choice.second } : {}),
    ...(trusted.length > 0 ? { trusted } : {}),
  };
}

/**
 * Opens what the operator chose. The sample's signer brings the sample's own timestamp authority along.
 *
 * @throws SealError of the signer's file
 */
export async function sealersOf(
  choice: { signer: z.output<typeof signerChoice>; timestamp: TimestampChoice },
  sample: () => Promise<SampleEnvironment>,
): Promise<Sealers> {
  const authorityRoots = certificatesIn(choice.timestamp?.roots ?? []);
  const timestamp = timestampOptions(choice.timestamp);
  switch (choice.signer.kind) {
    case 'none':
      return { signer: null, signerRoots: [], timestamp, authorityRoots };
    case 'pkcs12': {
      const signer = await openPkcs12(readFileSync(choice.signer.path), choice.signer.passphrase);
      return { signer, signerRoots: certificatesIn(choice.signer.roots), timestamp, authorityRoots };
    }
    case 'place': {
      const { place, secret, certificates, roots } = choice.signer;
      const signer = await openSigner(
        parseSignerPlace(place),
        () => Promise.resolve(secret),
        certificatesIn(certificates),
      );
      return { signer, signerRoots: certificatesIn(roots), timestamp, authorityRoots };
    }
    case 'sample': {
      const { signer, tsa } = await sample();
      return {
        signer,
        signerRoots: [tsa.caDer],
        timestamp: timestamp ?? { urls: [tsa.url], trusted: [tsa.caDer] },
        authorityRoots: timestamp ? authorityRoots : [tsa.caDer],
      };
    }
  }
}
