import { z } from 'zod';
import { sourceId } from './source-id.ts';

/** A path inside Vault without a slash at either end: `transit`, `team/kv`. */
const vaultPath = z.string().regex(/^[^/\s]+(\/[^/\s]+)*$/, 'a path has no slash at its start or end');

/** How the collector signs in. Tokens, secret ids and passwords are asked or taken from the environment, never stored. */
export const login = z.discriminatedUnion('from', [
  /** A token, from VAULT_TOKEN or asked. */
  z.strictObject({ from: z.literal('token') }),
  /** AppRole: the role id is no secret; the secret id is, from VAULT_SECRET_ID or asked. */
  z.strictObject({ from: z.literal('approle'), mount: vaultPath, roleId: z.string().min(1) }),
  /** User name and password; the password from VAULT_PASSWORD or asked. */
  z.strictObject({ from: z.literal('userpass'), mount: vaultPath, username: z.string().min(1) }),
  /** The browser, through an OIDC provider that answers to this machine's loopback. */
  z.strictObject({ from: z.literal('oidc'), mount: vaultPath, role: z.string().min(1).nullable() }),
]);
export type VaultLogin = z.infer<typeof login>;

/** Files that an audit device wrote, as the client gave them: read during the collection, basis client-provided. */
const auditLogs = z.strictObject({
  /** Audit device as sys/audit names it (`file/`); null when it is not known. */
  device: z.string().min(1).nullable(),
  /** Files or folders. */
  paths: z.array(z.string().min(1)).min(1),
});

/**
 * A value that audit logs show hashed, to be found in them: a token accessor, a name. The value is asked while collecting
 * and hashed by the server (sys/audit-hash); or its hash, which an operator of the cluster made, is given. It is never stored.
 */
const sought = z.strictObject({
  /** What the value is, in the operator's words. */
  label: z.string().trim().min(1),
  /** The hash itself, when it is known: `hmac-sha256:…`. */
  hash: z
    .string()
    .regex(/^hmac-sha256:[0-9a-f]{64}$/)
    .nullable(),
});

/** One Vault or OpenBao cluster. */
export const vaultSource = z
  .strictObject({
    provider: z.literal('vault'),
    id: sourceId,
    title: z.string().min(1),
    /** `https://vault.example:8200`, nothing behind it. */
    address: z
      .url()
      .refine((url) => new URL(url).origin === url, 'an address is a scheme, a host and a port'),
    /**
     * The address is the sample environment on this machine, and may be plain HTTP. Refused in an engagement that is
     * not marked as a sample: evidence must not silently come from somewhere else.
     */
    sample: z.boolean(),
    /** Namespace to sign in to and to begin from; null for the root namespace. */
    namespace: vaultPath.nullable(),
    /** Namespaces to collect, in full; null for the first one and all below it. */
    namespaces: z
      .array(z.union([vaultPath, z.literal('root')]))
      .min(1)
      .nullable(),
    /** Mounts of secrets engines to collect, in every namespace; null for all. */
    mounts: z.array(vaultPath).min(1).nullable(),
    /** PEM file of the certificate authority behind the server's certificate, trusted besides the ordinary ones. */
    caFile: z.string().min(1).nullable(),
    login,
    /** Read the metadata of KV version 2 secrets (names and version dates, never values). */
    kvMetadata: z.boolean(),
    auditLogs: z.array(auditLogs),
    sought: z.array(sought).optional(),
  })
  .refine(
    ({ address, sample }) => new URL(address).protocol === 'https:' || (sample && isLoopback(address)),
    {
      message: 'the address must begin with https://: a token must not travel in the clear',
      path: ['address'],
    },
  );
export type VaultSource = z.infer<typeof vaultSource>;

/** Whether an address is on this machine. */
export function isLoopback(address: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(address).hostname);
}
