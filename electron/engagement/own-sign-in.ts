import { z } from 'zod';
import { azureSource } from './azure-source.ts';
import { awsSource } from './engagement.ts';
import { login } from './vault-source.ts';

/** How the auditor signs in to one source; never the secret itself. */
export const ownSignIn = z.strictObject({
  how: z.discriminatedUnion('from', [
    ...awsSource.shape.credentials.options,
    ...azureSource.shape.credentials.options,
    ...login.options,
  ]),
  /** AWS: role to take with those credentials; null for none. Left out, the role that the pack names. */
  assumeRole: awsSource.shape.assumeRole.optional(),
  /** Vault: authority (PEM) behind the server's certificate on this machine. */
  caFile: z.string().min(1).nullable().optional(),
});
export type OwnSignIn = z.infer<typeof ownSignIn>;
