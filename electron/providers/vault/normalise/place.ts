import { ROOT } from '../ask-vault.ts';

/** Where a question was asked: the exchange's scope is `<cluster>/<namespace>`. */
export interface VaultScope {
  cluster: string;
  /** As written in scopes: `root`, `team/one`. */
  namespace: string;
}

export function scopeOfAnswer(scope: string): VaultScope {
  const slash = scope.indexOf('/');
  if (slash < 0) return { cluster: scope, namespace: ROOT };
  return { cluster: scope.slice(0, slash), namespace: scope.slice(slash + 1) };
}

/** The place a key is in, as coverage and completeness count it: `<namespace>/<mount>`, for example `root/transit`. */
export function regionOf(namespace: string, mount: string): string {
  return `${namespace}/${mount}`;
}

/** Id of a transit key: `vault://<cluster>/<namespace>/<mount>/keys/<name>`; a slash in the namespace is written %2F. */
export function keyId(cluster: string, namespace: string, mount: string, name: string): string {
  return `vault://${cluster}/${namespace.replaceAll('/', '%2F')}/${mount}/keys/${name}`;
}

/** The place that a key's id names; null for an id of another provider. */
export function placeOfKeyId(id: string): { account: string; region: string; nativeId: string } | null {
  const parts = /^vault:\/\/([^/]*)\/([^/]+)\/(.+)\/keys\/([^/]+)$/.exec(id);
  if (!parts) return null;
  const [, account = '', namespace = '', mount = '', name = ''] = parts;
  return {
    account,
    region: regionOf(namespace.replaceAll('%2F', '/'), mount),
    nativeId: `${mount}/keys/${name}`,
  };
}

/** `transit/keys/orders` → mount and name; null when the path is of no key. */
export function keyOfPath(path: string): { mount: string; name: string } | null {
  const parts = /^(.+)\/keys\/([^/]+)$/.exec(path);
  return parts ? { mount: parts[1]!, name: parts[2]! } : null;
}

/** A namespace as the evaluator and the API write it: empty for root, else with a slash at its end. */
export function namespacePath(namespace: string): string {
  return namespace === ROOT ? '' : `${namespace}/`;
}

/**
 * Id of a principal across clusters: its path behind the cluster. An entity keeps its id in every namespace, and audit logs
 * give only that.
 */
export function principalId(cluster: string, path: string): string {
  return `vault://${cluster}/${path.replace(/^.*(?=identity\/entity\/)/, '')}`;
}
