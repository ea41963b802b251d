import type { VaultOperation } from '../operation.ts';
import { kv, transit } from './engines.ts';
import { auth, identity } from './people.ts';
import { signInOperations } from './sign-in.ts';
import { sys } from './sys.ts';

export { auth, identity, kv, signInOperations, sys, transit };

/** Every request the collector may send. */
export const vaultOperations: readonly VaultOperation[] = [
  ...Object.values(signInOperations),
  ...Object.values(sys),
  ...Object.values(transit),
  ...Object.values(kv),
  ...Object.values(auth),
  ...Object.values(identity),
];
