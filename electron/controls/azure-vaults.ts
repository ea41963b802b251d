import type { AccessFact } from './access-facts.ts';
import { exception, pass, undetermined, type Answer } from './control.ts';
import type { ControlContext } from './context.ts';
import { factsText } from './test-access.ts';

/** A vault or managed HSM as it was collected. */
export interface AzureVaultRow {
  /** Resource id, lower case. */
  id: string;
  /** Subscription and name: the place, as keys and coverage name it. */
  account: string;
  region: string;
  kind: 'vault' | 'managed HSM';
  /** Empty when only its name is known. */
  properties: Record<string, unknown>;
  /** Whether its settings were read: a saved list of vaults may hold names only. */
  isKnown: boolean;
  seq: number;
}

const cache = new WeakMap<ControlContext, AzureVaultRow[]>();

/** Vaults and managed HSMs that exist at collection, in order of their id. */
export function azureVaults(context: ControlContext): AzureVaultRow[] {
  let known = cache.get(context);
  if (!known) {
    known = context.db
      .prepare<[string], Omit<AzureVaultRow, 'properties' | 'isKnown'> & { detail: string }>(
        `SELECT id, account, region, type AS kind, detail, seq FROM key_store
          WHERE snapshot = ? AND type IN ('vault', 'managed HSM') AND connection_state = 'live' ORDER BY id`,
      )
      .all(context.snapshot)
      .map(({ detail, ...row }) => {
        const { properties } = JSON.parse(detail) as { properties?: Record<string, unknown> | null };
        return { ...row, properties: properties ?? {}, isKnown: Object.keys(properties ?? {}).length > 0 };
      });
    cache.set(context, known);
  }
  return known;
}

/** The vault that a key is in; undefined when the list of vaults was not read. */
export function vaultAt(context: ControlContext, account: string, region: string): AzureVaultRow | undefined {
  return azureVaults(context).find((vault) => vault.account === account && vault.region === region);
}

/** The answer where a vault's settings were not read; null where they were. */
export function unreadSettings({ region, isKnown, seq }: AzureVaultRow): Answer | null {
  if (isKnown) return null;
  return undetermined(
    `Only the name of ${region} is known, not its settings. Collect it, or import what "az keyvault show" prints.`,
    [seq],
  );
}

/** Ledger entries that hold the answers to an operation in a place; empty when it was not answered. */
export function answered(context: ControlContext, ops: readonly string[], scope: string): number[] {
  return context.db
    .prepare<[string, string, string], number>(
      `SELECT last_seq FROM call_count WHERE snapshot = ? AND scope = ? AND outcome = 'ok'
          AND op IN (SELECT value FROM json_each(?)) ORDER BY last_seq`,
    )
    .pluck()
    .all(context.snapshot, scope, JSON.stringify(ops));
}

/** Name of a vault's place. */
export const placeId = ({ account, region }: Pick<AzureVaultRow, 'account' | 'region'>): string =>
  `${account}/${region}`;

/** Where changes of vaults, roles and diagnostic settings are logged: the subscription's activity log. */
export const ACTIVITY_LOG = 'global';

/** An answer from what roles and access policies of a vault show. */
export function vaultAccessAnswer(
  context: ControlContext,
  vault: Pick<AzureVaultRow, 'account' | 'seq'>,
  facts: readonly AccessFact[],
  words: { finding: string; none: string },
): Answer {
  const cites = [vault.seq, ...context.iam(vault.account)];
  const certain = facts.filter((fact) => fact.certainty !== 'unknown');
  if (certain.length > 0) return exception(`${words.finding}: ${factsText(certain)}.`, cites);
  const why = context.access.iamMissing.get(vault.account);
  if (why !== undefined || !context.access.available) {
    return undetermined(
      `Roles of subscription ${vault.account} were not read: ${why ?? 'access was not evaluated'}.`,
      cites,
    );
  }
  if (facts.length > 0)
    return undetermined(
      `${words.finding}, unless what could not be read refuses it: ${factsText(facts)}.`,
      cites,
    );
  return pass(`At collection ${words.none}.`, cites);
}
