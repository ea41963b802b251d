import vault from 'node-vault';
import type { Agents } from '../../recorder/agents.ts';
import type { AnswerReader, RecorderCore } from '../../recorder/record-exchange.ts';
import { vaultTransport, type VaultTicket } from '../../recorder/vault-adapter.ts';

/** A request as the client library takes it. */
export interface VaultRequest {
  /** With a slash in front, without `/v1`. */
  path: string;
  method: 'GET' | 'POST';
  json?: object;
  ticket: VaultTicket;
}

/** The client of one namespace, as far as we need it. */
export interface VaultClient {
  request(request: VaultRequest): Promise<unknown>;
}

export interface Clients {
  /** @param namespace as `team/one`; empty for the root namespace */
  of(namespace: string): VaultClient;
  /** The token that requests carry from now on. It stays in memory. */
  signIn(token: string): void;
}

const silent = () => undefined;

/**
 * node-vault clients of one source. Requests pass the recording transport; what the library would read from the
 * environment (VAULT_TOKEN, VAULT_ADDR, VAULT_NAMESPACE, VAULT_PREFIX, VAULT_SKIP_VERIFY) is set by us or not used.
 */
export function createClients(
  core: RecorderCore,
  agents: Agents,
  address: string,
  reader: AnswerReader,
): Clients {
  const all = new Map<string, ReturnType<typeof vault> & { namespace?: string; pathPrefix?: string }>();
  const transport = vaultTransport(core, agents, new URL(address).origin, reader);
  let current = '';
  return {
    of(namespace) {
      let client = all.get(namespace);
      if (!client) {
        client = vault({
          apiVersion: 'v1',
          endpoint: address,
          'request-promise': transport,
          // It would print what is sent, passwords too, when DEBUG is set.
          debug: silent,
        });
        // Given empty, the library would take the environment's.
        client.token = current;
        client.namespace = namespace;
        client.pathPrefix = '';
        all.set(namespace, client);
      }
      return client;
    },
    signIn(token) {
      current = token;
      for (const client of all.values()) client.token = token;
    },
  };
}
