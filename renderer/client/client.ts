import type { KeywitnessClient } from '../../electron/api/client.ts';

declare global {
  interface Window {
    /** Put there by the host before the page's script runs; absent when the page is opened by itself. */
    readonly keywitness?: KeywitnessClient;
  }
}

/** The engine's side of the contract. @throws Error when the page was not opened by Keywitness. */
export function client(): KeywitnessClient {
  if (window.keywitness) return window.keywitness;
  throw new Error(
    'cannot reach the engine: this page was not opened by Keywitness. Start it with npm start and use the window it opens.',
  );
}
