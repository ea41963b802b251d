import { useMemo } from 'react';
import { Store, useStore } from './store.ts';

/** Where the window is: a screen and what is chosen on it. It stands in the address, so back and reload work. */
export interface Route {
  screen: string;
  params: Readonly<Record<string, string>>;
}

/** Reads `#/keys?id=…`. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  return { screen: path || 'start', params: Object.fromEntries(new URLSearchParams(query)) };
}

/** The address of a place. Empty values are left out. */
export function routeHash(
  screen: string,
  params: Readonly<Record<string, string | null | undefined>> = {},
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value) query.set(name, value);
  const text = query.toString();
  return `#/${screen}${text === '' ? '' : `?${text}`}`;
}

const current = new Store<string>(window.location.hash);
window.addEventListener('hashchange', () => current.set(window.location.hash));

export function useRoute(): Route {
  const hash = useStore(current);
  return useMemo(() => parseRoute(hash), [hash]);
}

/** Goes to a screen. */
export function go(screen: string, params?: Readonly<Record<string, string | null | undefined>>): void {
  window.location.hash = routeHash(screen, params);
}

/** Changes what is chosen on this screen without a step for the back button. */
export function setParams(change: Readonly<Record<string, string | null>>): void {
  const { screen, params } = parseRoute(window.location.hash);
  window.history.replaceState(null, '', routeHash(screen, { ...params, ...change }));
  current.set(window.location.hash);
}
