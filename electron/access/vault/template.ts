import type { VaultIdentity } from './model.ts';

/**
 * Templated policy paths: `{{identity.entity.…}}` and `{{identity.groups.…}}`
 * (developer.hashicorp.com/vault/docs/concepts/policies#templated-policies).
 */
export type Resolved =
  | { outcome: 'plain'; path: string }
  /** The identity has no such value: Vault leaves the rule out. */
  | { outcome: 'left-out'; reason: string }
  /** Who asks is not known. */
  | { outcome: 'unknown'; reason: string }
  | { outcome: 'invalid'; reason: string };

const PARAMETER = /\{\{\s*(.*?)\s*\}\}/g;

export const isTemplated = (path: string): boolean => path.includes('{{');

/** Fills the template from this identity; `undefined` means that it is not known who asks. */
export function resolveTemplate(path: string, identity: VaultIdentity | undefined): Resolved {
  const problem = templateProblem(path);
  if (problem !== undefined) return { outcome: 'invalid', reason: problem };
  if (!isTemplated(path)) return { outcome: 'plain', path };
  if (identity === undefined)
    return { outcome: 'unknown', reason: `the path ${path} depends on the identity that asks` };
  let missing: string | undefined;
  const filled = path.replace(PARAMETER, (_, parameter: string) => {
    const value = valueOf(parameter, identity);
    if (value === undefined || value === '') missing ??= parameter;
    return value ?? '';
  });
  if (missing !== undefined) return { outcome: 'left-out', reason: `the identity has no ${missing}` };
  return { outcome: 'plain', path: filled };
}

/** Why Vault would refuse this template, or undefined when it is well formed. */
export function templateProblem(path: string): string | undefined {
  const rest = path.replace(PARAMETER, '');
  if (rest.includes('{{') || rest.includes('}}')) return `its template braces do not match in ${path}`;
  for (const [, parameter = ''] of path.matchAll(PARAMETER)) {
    if (!KNOWN.some((known) => known.test(parameter)))
      return `its template parameter ${parameter} is unknown`;
  }
  return undefined;
}

/** Every path the template could become is matched; a value may contain slashes. */
export function templateShape(path: string): RegExp {
  const glob = path.endsWith('*');
  const parts = (glob ? path.slice(0, -1) : path).split(PARAMETER);
  // split() keeps the captured parameters at the odd places
  const source = parts
    .map((part, i) =>
      i % 2 === 1 ? '.+' : part.replace(/[.*?^${}()|[\]\\]/g, '\\$&').replace(/(^|\/)\+(?=\/|$)/g, '$1[^/]*'),
    )
    .join('');
  return new RegExp(`^${source}${glob ? '' : '$'}`, 's');
}

const KNOWN = [
  /^identity\.entity\.(id|name)$/,
  /^identity\.entity\.metadata\..+$/,
  /^identity\.entity\.aliases\.[^.]+\.(id|name)$/,
  /^identity\.entity\.aliases\.[^.]+\.(custom_)?metadata\..+$/,
  /^identity\.groups\.ids\.[^.]+\.(name|id)$/,
  /^identity\.groups\.names\.[^.]+\.(name|id)$/,
  /^identity\.groups\.(ids|names)\.[^.]+\.metadata\..+$/,
];

function valueOf(parameter: string, { entity, groups }: VaultIdentity): string | undefined {
  const [, kind, ...rest] = parameter.split('.');
  if (kind === 'entity') {
    if (entity === undefined) return undefined;
    if (rest[0] === 'id') return entity.id;
    if (rest[0] === 'name') return entity.name;
    if (rest[0] === 'metadata') return entity.metadata?.[rest.slice(1).join('.')];
    const alias = entity.aliases?.find((a) => a.mount_accessor === rest[1]);
    if (rest[2] === 'id') return alias?.id;
    if (rest[2] === 'name') return alias?.name;
    const table = rest[2] === 'metadata' ? alias?.metadata : alias?.custom_metadata;
    return table?.[rest.slice(3).join('.')];
  }
  const group = groups.find((g) => (rest[0] === 'ids' ? g.id : g.name) === rest[1]);
  if (rest[2] === 'id') return group?.id;
  if (rest[2] === 'name') return group?.name;
  return group?.metadata?.[rest.slice(3).join('.')];
}
