import { asObject, asText, type JsonObject } from '../cloudtrail/parse-record.ts';

/** One line of an audit log, as far as we read it (docs/audit/schema). Strings may be HMACs: `hmac-sha256:…`. */
export interface AuditEntry {
  /** ms UTC */
  time: number;
  /** The request as it came, or the answer to it: the answer tells how it ended. */
  type: 'request' | 'response';
  /** Id of the request: the same in both lines, in every device, on every node. */
  id: string;
  /** Namespace, `root` or `team/one`. */
  namespace: string;
  /** Path within the namespace. */
  path: string;
  operation: string;
  /** Mount and its type where the server writes them; older ones do not. */
  mountPoint: string | null;
  mountType: string | null;
  data: JsonObject;
  /** Display name of the token, `approle`, `userpass-ann`. */
  displayName: string;
  entityId: string | null;
  /** Role of an AppRole sign-in, which the method writes beside the token. */
  roleName: string | null;
  /** Plain or an HMAC. */
  accessor: string | null;
  tokenType: string | null;
  policies: string[];
  remoteAddress: string;
  error: string | null;
}

/**
 * Reads one line. Devices may be set to write a prefix in front of the JSON. Null when it is none: another program's line, or
 * the test entry that enabling a device writes.
 */
export function parseEntry(raw: Buffer): AuditEntry | null {
  const start = raw.indexOf(0x7b);
  if (start < 0) return null;
  let value: JsonObject;
  try {
    value = asObject(JSON.parse(raw.toString('utf8', start)));
  } catch {
    return null;
  }
  const type = /^(kmip-)?(request|response)$/.exec(asText(value.type) ?? '')?.[2];
  const time = millis(value.time);
  const request = asObject(value.request);
  const path = asText(request.path);
  if ((type !== 'request' && type !== 'response') || time === null || path === null) return null;
  const auth = asObject(value.auth);
  const namespace = asText(asObject(request.namespace).path)?.replace(/^\/+|\/+$/g, '');
  return {
    ...{ time, type, path },
    id: asText(request.id) ?? '',
    namespace: namespace || 'root',
    operation: asText(request.operation) ?? '',
    mountPoint: within(asText(request.mount_point), namespace, path),
    mountType: asText(request.mount_type),
    data: asObject(request.data),
    displayName: asText(auth.display_name) ?? '',
    entityId: asText(auth.entity_id),
    roleName: asText(asObject(auth.metadata).role_name),
    accessor: asText(auth.accessor) ?? asText(request.client_token_accessor),
    tokenType: asText(auth.token_type),
    policies: texts(auth.policies),
    remoteAddress: asText(request.remote_address) ?? '',
    error: asText(value.error),
  };
}

/** The mount within its namespace, as paths are: OpenBao writes it from the root namespace on. */
function within(mount: string | null, namespace: string | undefined, path: string): string | null {
  if (mount === null || !namespace || path.startsWith(mount)) return mount;
  return mount.startsWith(`${namespace}/`) ? mount.slice(namespace.length + 1) : mount;
}

/** Nine digits after the second, which is more than a Date takes. */
function millis(value: unknown): number | null {
  const text = asText(value);
  if (text === null) return null;
  const ms = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(ms) || !/(Z|[+-]\d\d:?\d\d)$/.test(text) ? null : ms;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
