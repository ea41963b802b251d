import type { SourceRun } from '../../collect/source-run.ts';
import type { VaultSource } from '../../engagement/vault-source.ts';
import type { SignedIn } from './sign-in.ts';

/** What every collection step of a Vault cluster works with. */
export interface VaultRun extends SignedIn {
  run: SourceRun<VaultSource>;
}
