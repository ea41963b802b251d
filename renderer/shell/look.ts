import type { Settings } from '../../electron/api/app.ts';

/** Puts the chosen theme, contrast and motion onto the document. */
export function applyLook(settings: Settings | null): void {
  const root = document.documentElement;
  const theme = settings?.theme ?? 'system';
  set(root, 'data-theme', theme === 'light' || theme === 'dark' ? theme : null);
  set(root, 'data-contrast', theme === 'contrast' ? 'more' : null);
  set(root, 'data-motion', settings?.reducedMotion === 'on' ? 'reduced' : null);
}

function set(element: HTMLElement, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
