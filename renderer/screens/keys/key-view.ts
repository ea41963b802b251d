import type { KeyFacet, KeyFilter, KeySort } from '../../../electron/api/keys.ts';

/** What the table of keys shows: filter, order, columns. Saved views are these under a name. */
export interface KeyView {
  facets: Partial<Record<KeyFacet, (string | null)[]>>;
  search: string;
  belongs: 'inventory' | 'elsewhere';
  sort: { by: KeySort['by']; descending: boolean };
  columns: ColumnId[];
}

export type ColumnId =
  | 'name'
  | 'account'
  | 'region'
  | 'provider'
  | 'state'
  | 'algorithm'
  | 'usage'
  | 'origin'
  | 'manager'
  | 'rotation'
  | 'lastRotation'
  | 'nextRotation'
  | 'created'
  | 'lastUsed'
  | 'owner'
  | 'events'
  | 'exceptions'
  | 'basis'
  | 'description';

export const DEFAULT_VIEW: KeyView = {
  facets: {},
  search: '',
  belongs: 'inventory',
  sort: { by: 'id', descending: false },
  columns: ['name', 'account', 'region', 'state', 'algorithm', 'rotation', 'lastUsed', 'owner', 'exceptions'],
};

/** The filter as the engine takes it. */
export function filterOf(view: KeyView): {
  facets: KeyFilter['facets'];
  search: string;
  belongs: KeyView['belongs'];
} {
  const facets = Object.fromEntries(Object.entries(view.facets).filter(([, values]) => values.length > 0));
  return { facets, search: view.search.trim(), belongs: view.belongs };
}

/** The view with one value of a facet put on or taken off. */
export function withFacet(view: KeyView, facet: KeyFacet, value: string | null): KeyView {
  const old = view.facets[facet] ?? [];
  const values = old.includes(value) ? old.filter((other) => other !== value) : [...old, value];
  const facets = { ...view.facets, [facet]: values };
  if (values.length === 0) delete facets[facet];
  return { ...view, facets };
}

/** A click on a heading: the other way round when it is the order already. */
export function withSort(view: KeyView, by: KeySort['by']): KeyView {
  const descending = view.sort.by === by ? !view.sort.descending : false;
  return { ...view, sort: { by, descending } };
}

/** A saved view as read back; what is not one gives null. A view saved by another version keeps what is understood. */
export function savedView(stored: unknown): KeyView | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const view = stored as Partial<KeyView>;
  if (!Array.isArray(view.columns) || typeof view.search !== 'string') return null;
  return { ...DEFAULT_VIEW, ...view };
}

/** Whether anything narrows the table. */
export function isFiltered(view: KeyView): boolean {
  return Object.keys(view.facets).length > 0 || view.search.trim() !== '' || view.belongs !== 'inventory';
}
