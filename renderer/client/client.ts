import type { KeywitnessClient } from '../../electron/api/client.ts';

/** The engine's side of the contract, as main.tsx put it into the window before anything is drawn. */
export function client(): KeywitnessClient {
  return window.keywitness;
}
