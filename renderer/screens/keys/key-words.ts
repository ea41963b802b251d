import type { KeyListRow } from '../../../electron/api/keys.ts';

/** What people call a key: its first alias, else its own id. */
export function keyName(key: Pick<KeyListRow, 'aliases' | 'nativeId'>): string {
  return key.aliases[0] ?? key.nativeId;
}

/** Rotation in a few words, never claiming what is not known. */
export function rotationWords(
  key: Pick<KeyListRow, 'rotationSupport' | 'rotationEnabled' | 'rotationPeriodDays' | 'manager'>,
): string {
  if (key.rotationSupport === 'with-primary') return 'with its primary';
  if (key.rotationSupport === 'provider') return 'by the provider';
  if (key.rotationEnabled === true) {
    return key.rotationPeriodDays === null ? 'on' : `on, every ${key.rotationPeriodDays} d`;
  }
  if (key.rotationSupport === 'manual') return 'by hand only';
  if (key.rotationEnabled === false) return 'off';
  return 'not known';
}

/** Names of facets as the table's filters show them. */
export const FACET_LABELS = {
  provider: 'Provider',
  source: 'Source',
  account: 'Account',
  region: 'Region',
  state: 'State',
  manager: 'Managed by',
  algorithm: 'Algorithm',
  usage: 'Use',
  origin: 'Origin',
  materialHolder: 'Material held by',
  multiRegion: 'Multi-Region',
  rotation: 'Rotation',
  basis: 'Known by',
  exception: 'Exception in test',
} as const;

/** A facet's value in words. */
export const facetValue = (value: string | null): string => value ?? 'not known';
