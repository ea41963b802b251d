import type { ReadableDb } from '../../db/handle.ts';
import { declared, type Declaration } from './declarations.ts';

/** Views by id. What a view consists of never changes: the first declaration of an id counts. */
export function declaredViews(db: ReadableDb): Map<string, Declaration<'snapshot.view'>> {
  const views = new Map<string, Declaration<'snapshot.view'>>();
  for (const view of declared(db, 'snapshot.view')) {
    if (!views.has(view.subject)) views.set(view.subject, view);
  }
  return views;
}
