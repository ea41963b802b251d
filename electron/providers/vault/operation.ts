import type { AnswerShape } from '../../recorder/call.ts';
import type { NotApplicable, Operation, Quota } from '../../collect/operation.ts';

/** What a policy must allow on a path (concepts/policies#capabilities). */
export type VaultCapability = 'read' | 'list' | 'update' | 'sudo';

/** A read-only request to Vault, declared once. */
export interface VaultOperation extends Operation {
  /** LIST goes out as GET with `?list=true`: some proxies let no other verb pass. */
  method: 'GET' | 'LIST' | 'POST';
  /**
   * Path as a policy names it, with `{mount}` where the secrets engine or auth method stands; `+` is one segment, a
   * last `*` any rest. Null for what is asked without a token.
   */
  policyPath: string | null;
  capabilities: readonly VaultCapability[];
}

interface Declared {
  service: 'sys' | 'transit' | 'kv' | 'auth' | 'identity' | 'token';
  action: string;
  method: VaultOperation['method'];
  policyPath: string | null;
  capabilities?: readonly VaultCapability[];
  purpose: string;
  docs: string;
  answer?: AnswerShape;
  bodyClass?: Operation['bodyClass'];
  scopeKind?: Operation['scopeKind'];
  notApplicable?: readonly NotApplicable[];
}

/** Vault publishes no quota of its own: clusters answer thousands of reads a second, and operators may set limits. */
const quota: Quota = {
  perSecond: 200,
  source: 'assumed: Vault has no quota unless its operators set one (sys/quotas)',
  group: 'vault',
};

/** What this server or edition does not have. */
const unsupported: readonly NotApplicable[] = [
  { code: 'UnsupportedPath', meaning: 'this server or edition does not have it' },
  { code: 'UnsupportedOperation', meaning: 'this server or edition does not offer it' },
];
/** Vault answers an empty list with 404 and no error (api-docs#http-status-codes). */
const emptyList: NotApplicable = { code: 'NotFound', meaning: 'the list is empty' };

/** Declares an operation; bodies are kept whole unless it says otherwise. */
export function vaultOperation(declared: Declared): VaultOperation {
  const { service, action, method, policyPath, notApplicable = [] } = declared;
  const capabilities = declared.capabilities ?? [
    method === 'LIST' ? 'list' : method === 'POST' ? 'update' : 'read',
  ];
  return {
    id: `vault.${service}.${action}`,
    ...{ service, action, method, policyPath, capabilities },
    permissions: policyPath === null ? [] : [permissionText(policyPath, capabilities)],
    scopeKind: declared.scopeKind ?? 'region',
    purpose: declared.purpose,
    bodyClass: declared.bodyClass ?? 'full',
    // Where a server that does not answer itself points to.
    keepHeaders: ['location'],
    answer: declared.answer ?? { format: 'json', members: ['data'] },
    quota,
    notApplicable: [...(method === 'LIST' ? [emptyList] : []), ...unsupported, ...notApplicable],
    resource: 'any',
    docs: `https://developer.hashicorp.com/vault/api-docs/${declared.docs}`,
  };
}

/** How a permission is named in plans and remedies: `sys/audit [read, sudo]`. */
export function permissionText(path: string, capabilities: readonly VaultCapability[]): string {
  return `${path} [${capabilities.join(', ')}]`;
}
