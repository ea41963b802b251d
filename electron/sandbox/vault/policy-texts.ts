/** ACL policies of the sample company: good ones, and the ones auditors find. */

const DEFAULT = `# Every token has this
path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self" { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
path "sys/capabilities-self" { capabilities = ["update"] }
path "identity/entity/id/{{identity.entity.id}}" { capabilities = ["read"] }
path "cubbyhole/*" { capabilities = ["create", "read", "update", "delete", "list"] }
`;

/** What the evidence collector needs, and nothing that touches key material. */
export const AUDITOR = `# Read-only evidence collection
path "sys/mounts" { capabilities = ["read"] }
path "sys/mounts/+/tune" { capabilities = ["read"] }
path "sys/auth" { capabilities = ["read"] }
path "sys/policies/acl" { capabilities = ["list"] }
path "sys/policies/acl/*" { capabilities = ["read"] }
path "sys/policies/rgp" { capabilities = ["list"] }
path "sys/policies/egp" { capabilities = ["list"] }
path "sys/capabilities-self" { capabilities = ["update"] }
path "sys/audit" { capabilities = ["read", "sudo"] }
path "sys/config/auditing/request-headers" { capabilities = ["read", "sudo"] }
path "sys/key-status" { capabilities = ["read"] }
path "sys/rotate/config" { capabilities = ["read"] }
path "sys/rotate/keyring/config" { capabilities = ["read"] }
path "sys/config/state/sanitized" { capabilities = ["read"] }
path "sys/ha-status" { capabilities = ["read"] }
path "sys/namespaces" { capabilities = ["list"] }
path "sys/managed-keys/+/" { capabilities = ["list"] }
path "sys/managed-keys/+/+" { capabilities = ["read"] }
path "sys/license/status" { capabilities = ["read"] }
path "sys/replication/status" { capabilities = ["read"] }
path "identity/entity/id" { capabilities = ["list"] }
path "identity/entity/id/*" { capabilities = ["read"] }
path "identity/group/id" { capabilities = ["list"] }
path "identity/group/id/*" { capabilities = ["read"] }
path "identity/entity-alias/id" { capabilities = ["list"] }
path "identity/entity-alias/id/*" { capabilities = ["read"] }
path "identity/group-alias/id" { capabilities = ["list"] }
path "+/keys/" { capabilities = ["list"] }
path "+/keys/+" { capabilities = ["read"] }
path "+/config/keys" { capabilities = ["read"] }
path "+/cache-config" { capabilities = ["read"] }
path "+/config" { capabilities = ["read"] }
path "+/metadata" { capabilities = ["list"] }
path "+/metadata/*" { capabilities = ["read", "list"] }
path "auth/+/role/" { capabilities = ["list"] }
path "auth/+/role/+" { capabilities = ["read"] }
path "auth/+/users/" { capabilities = ["list"] }
path "auth/+/users/+" { capabilities = ["read"] }
path "auth/token/roles" { capabilities = ["list"] }
path "auth/token/roles/+" { capabilities = ["read"] }
path "auth/+/config" { capabilities = ["read"] }
`;

/** The same paths again for a child namespace, because a token of the root namespace names them in full. */
export const auditorOf = (namespace: string): string => AUDITOR.replaceAll('path "', `path "${namespace}`);

/** One key that the auditor is refused: the collector must report a gap. */
const REFUSED = 'path "transit/keys/customs-broker" { capabilities = ["deny"] }\n';

const use = (mount: string, key: string, ...operations: string[]): string =>
  operations.map((op) => `path "${mount}/${op}/${key}" { capabilities = ["update"] }\n`).join('');

export const ROOT_POLICIES: Record<string, string> = {
  default: DEFAULT,
  'keywitness-auditor': AUDITOR + auditorOf('logistics/') + REFUSED,
  'orders-api': use('transit', 'orders-pii', 'encrypt', 'decrypt', 'rewrap'),
  'billing-batch': use('transit', 'billing-exports', 'encrypt', 'decrypt', 'datakey/plaintext'),
  'payments-tokenizer':
    use('payments-transit', 'card-tokens', 'encrypt', 'decrypt') +
    use('payments-transit', 'pin-mac', 'hmac', 'verify'),
  'release-signing': use('transit', 'release-signing', 'sign', 'verify'),
  'device-signer': `path "transit/sign/device-identity" {
  capabilities        = ["update"]
  required_parameters = ["input"]
  denied_parameters   = { "prehashed" = [true] }
}
`,
  'key-administrator': `path "transit/keys/*" { capabilities = ["create", "read", "update", "list"] }
path "payments-transit/keys/*" { capabilities = ["create", "read", "update", "list"] }
path "transit/keys/+/config" {
  capabilities      = ["update"]
  denied_parameters = { "exportable" = [], "allow_plaintext_backup" = [] }
}
`,
  'platform-admin': `path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }
`,
  developers: `# Older than the rest; nobody dared to narrow it
path "transit/*" { policy = "write" }
`,
  'data-engineers': `path "+/decrypt/*" { capabilities = ["update"] }
`,
  'own-space': `path "secret/data/people/{{identity.entity.name}}/*" { capabilities = ["create", "read", "update", "delete"] }
path "secret/metadata/people/{{identity.entity.name}}/*" { capabilities = ["list", "read"] }
`,
  'infrastructure-deployer': JSON.stringify({
    path: {
      'sys/policies/acl/*': { capabilities: ['create', 'read', 'update', 'delete', 'list'] },
      'auth/+/role/*': { capabilities: ['create', 'read', 'update', 'delete', 'list'] },
      'transit/keys/+': { capabilities: ['create', 'read', 'update'] },
    },
  }),
};

export const LOGISTICS_POLICIES: Record<string, string> = {
  default: DEFAULT,
  'fleet-gateway': use('transit', 'fleet-telemetry', 'encrypt', 'decrypt'),
  'scanner-fleet': use('transit', 'scanner-signing', 'sign'),
};
