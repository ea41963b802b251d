import { z } from 'zod';

/** One parameter of the client's policy, with the clause that sets it, so that the pack can cite "client policy, clause X". */
function parameter<T extends z.ZodType>(value: T) {
  return z.strictObject({
    value,
    /** Where the client's policy says so; null when the value is this program's default. */
    clause: z.string().min(1).nullable(),
  });
}

/**
 * What the client's encryption and key management policy asks for. Tests of controls measure against these, never
 * against numbers of our own; each default says in the pack that it is a default.
 */
export const policyParameters = z.strictObject({
  /** Longest time between rotations, in days. */
  rotationDays: parameter(z.int().min(1).max(3660)),
  /** Key specs allowed for use, as the providers name them. */
  approvedAlgorithms: parameter(z.array(z.string().min(1))),
  /** Key management systems allowed, as provider ids: `aws`, `azure`, `vault`. */
  approvedKeyManagement: parameter(z.array(z.string().min(1))),
  /** Accounts, subscriptions or clusters that may hold rights on keys. */
  approvedAccounts: parameter(z.array(z.string().min(1))),
  /** Central log destinations: bucket names, log group ARNs, workspace ids. */
  approvedLogDestinations: parameter(z.array(z.string().min(1))),
  /** How long logs of key use must be kept, in days. */
  logRetentionDays: parameter(z.int().min(1).max(36600)),
  /** Tag names that hold a key's owner, first match wins. */
  ownerTags: parameter(z.array(z.string().min(1))),
  /** Tag names that hold the authorisation (change ticket) of a key's creation. */
  authorisationTags: parameter(z.array(z.string().min(1))),
  /** Tag names that hold the justification for imported or external key material. */
  justificationTags: parameter(z.array(z.string().min(1))),
  /** Tag names that hold the systems a key protects, the class of its data, and its purpose. */
  systemTags: parameter(z.array(z.string().min(1))),
  dataClassTags: parameter(z.array(z.string().min(1))),
});
export type PolicyParameters = z.infer<typeof policyParameters>;

const byDefault = <T>(value: T) => ({ value, clause: null });

/** Defaults that hold until the client's policy is recorded. */
export const defaultParameters: PolicyParameters = {
  rotationDays: byDefault(365),
  approvedAlgorithms: byDefault([
    'SYMMETRIC_DEFAULT',
    'RSA_2048',
    'RSA_3072',
    'RSA_4096',
    'ECC_NIST_P256',
    'ECC_NIST_P384',
    'ECC_NIST_P521',
    'HMAC_256',
    'HMAC_384',
    'HMAC_512',
    // Transit keys of Vault and OpenBao.
    ...['aes256-gcm96', 'chacha20-poly1305', 'xchacha20-poly1305', 'rsa-2048', 'rsa-3072', 'rsa-4096'],
    ...['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'ed25519', 'hmac-256', 'hmac-384', 'hmac-512'],
  ]),
  approvedKeyManagement: byDefault(['aws', 'azure', 'vault']),
  approvedAccounts: byDefault([]),
  approvedLogDestinations: byDefault([]),
  logRetentionDays: byDefault(365),
  ownerTags: byDefault(['Owner', 'owner', 'KeyOwner', 'key-owner']),
  authorisationTags: byDefault(['ChangeTicket', 'change-ticket', 'Ticket']),
  justificationTags: byDefault(['KeyMaterialJustification', 'Justification']),
  systemTags: byDefault(['System', 'system', 'Application', 'application']),
  dataClassTags: byDefault(['DataClass', 'data-class', 'DataClassification']),
};
