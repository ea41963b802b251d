import { canonicalJson } from '../../../db/ledger/canonical-json.ts';
import type { Answer, Asker, Perform } from '../../collect/asker.ts';
import { vaultErrorMessage } from '../../recorder/vault-answers.ts';
import type { VaultTicket } from '../../recorder/vault-adapter.ts';
import type { Clients } from './clients.ts';
import type { VaultOperation } from './operation.ts';

/** What is asked, and where. */
export interface Where {
  /** Namespace as `team/one`; empty for the root namespace. */
  namespace: string;
  /** Path within the namespace, without a slash at either end: `transit/keys/orders`. */
  path: string;
  /** Tells apart calls that are the same but for their purpose. */
  label?: string;
  /** Body of a POST, part of the recorded parameters. */
  body?: Record<string, unknown>;
  /** Body members and query that are secret: sent, not recorded. */
  secret?: Record<string, unknown>;
  query?: Record<string, string>;
}

/** An answer of Vault: `data` is what was asked, `auth` a token. */
export interface VaultOutput {
  data?: Record<string, unknown> | null;
  auth?: Record<string, unknown> | null;
  [name: string]: unknown;
}

/** Asks Vault one question; see {@link Asker.ask}. */
export type AskVault = (op: VaultOperation, where: Where) => Promise<Answer<VaultOutput>>;

/** Name of the root namespace in scopes; Vault allows no other namespace of that name. */
export const ROOT = 'root';

/** Scope of what is asked in a namespace: `<cluster>/<namespace>`. */
export function scopeOf(cluster: string, namespace: string): string {
  return `${cluster}/${namespace === '' ? ROOT : namespace}`;
}

/** @param cluster the cluster's id, `unknown` before it is known */
export function askVault(asker: Asker, clients: Clients, cluster: string): AskVault {
  return (op, { namespace, path, label = '', body, secret, query }) => {
    const client = clients.of(namespace);
    const search = new URLSearchParams({
      ...(op.method === 'LIST' && { list: 'true' }),
      ...query,
    }).toString();
    const perform: Perform<VaultOutput> = async (call, replaySeq, signal) => {
      const ticket: VaultTicket = { call, replaySeq, signal, recorded: null };
      let output: VaultOutput | null = null;
      let failure: unknown = null;
      try {
        output = (await client.request({
          path: `/${encoded(path)}${search === '' ? '' : `?${search}`}`,
          method: op.method === 'POST' ? 'POST' : 'GET',
          ...(op.method === 'POST' && { json: { ...body, ...secret } }),
          ticket,
        })) as VaultOutput;
      } catch (error) {
        failure = error;
      }
      const { recorded } = ticket;
      if (!recorded) throw signal.aborted ? signal.reason : failure;
      if (recorded.facts.outcome !== 'ok') output = null;
      const message =
        recorded.facts.outcome === 'error' && recorded.body ? vaultErrorMessage(recorded.body) : null;
      return { recorded, output, message };
    };
    const params = canonicalJson({ path, ...body });
    return asker.ask({ op, scope: scopeOf(cluster, namespace), label, params, perform });
  };
}

/** Names may hold characters that a URL gives a meaning to. */
function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** Keys of a list; none when it is empty or was refused (its exchange says which). */
export function keysOf(answer: Answer<VaultOutput>): string[] {
  const keys = answer.ok ? answer.output.data?.keys : undefined;
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
}
