import type { AccessPath } from '../../api/access.ts';

const RIGHTS = {
  administer: 'can administer this key',
  use: 'can use this key',
  grant: 'can give others rights on this key',
} as const;

/** One access path in one sentence, with what limits it. */
export function sentenceOf(path: Omit<AccessPath, 'sentence'>): string {
  const right = path.useKind === null ? RIGHTS[path.access] : `${RIGHTS[path.access]} (${path.useKind})`;
  const start =
    path.certainty === 'unknown'
      ? `Whether ${path.principal} (${path.principalKind}) ${right} could not be evaluated: it would be`
      : `${path.principal} (${path.principalKind}) ${right}`;
  const only = path.conditions === null ? '' : `, only when ${path.conditions}`;
  const detail = path.detail === null ? '' : ` Not evaluated: ${path.detail}.`;
  return `${start} through ${path.via}${only}.${detail}`;
}
