import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { getCACertificates } from 'node:tls';

/** How the machine reaches the providers. */
export interface NetworkOptions {
  /** PEM file of a corporate certificate authority, trusted besides the ordinary ones. */
  extraCaFile: string | null;
  /** Also trust what the operating system trusts. */
  systemCa: boolean;
  /** Go through the proxy that HTTPS_PROXY and NO_PROXY name. */
  proxyFromEnvironment: boolean;
}

export const defaultNetwork: NetworkOptions = {
  extraCaFile: null,
  systemCa: false,
  proxyFromEnvironment: true,
};

/** Sockets per host; above the number of calls in flight, so that a budget and never a socket is what waits. */
const MAX_SOCKETS = 128;

/** Agents that every client of a run shares. */
export interface Agents {
  http: HttpAgent;
  https: HttpsAgent;
  destroy(): void;
}

/**
 * Makes the agents of a run. Certificates are always checked: NODE_TLS_REJECT_UNAUTHORIZED is ignored.
 *
 * @throws Error when the CA file cannot be read.
 */
export function createAgents(options: NetworkOptions = defaultNetwork): Agents {
  const proxyEnv = options.proxyFromEnvironment ? proxyVariables(process.env) : {};
  // A resumed TLS session shows no certificate, and the ledger names the peer's: each connection shakes hands anew.
  const common = { keepAlive: true, maxSockets: MAX_SOCKETS, maxCachedSessions: 0 };
  const ca = certificateAuthorities(options);
  // Without TLS there is only the sample environment, on this machine: no proxy for that.
  const http = new HttpAgent(common);
  const https = new HttpsAgent({ ...common, proxyEnv, rejectUnauthorized: true, ...(ca && { ca }) });
  return {
    http,
    https,
    destroy: () => {
      http.destroy();
      https.destroy();
    },
  };
}

function proxyVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

function certificateAuthorities(options: NetworkOptions): string[] | undefined {
  if (!options.extraCaFile && !options.systemCa) return undefined;
  const extra: string[] = options.systemCa ? getCACertificates('system') : [];
  if (options.extraCaFile) {
    try {
      extra.push(readFileSync(options.extraCaFile, 'utf8'));
    } catch (error) {
      throw new Error(
        `cannot read the certificate authority ${options.extraCaFile}: ${(error as Error).message}. Check the path.`,
        { cause: error },
      );
    }
  }
  return [...getCACertificates('default'), ...extra];
}

/**
 * How the network was set up, for the ledger: the proxy's host without its password.
 */
export function describeNetwork(options: NetworkOptions, env: NodeJS.ProcessEnv = process.env) {
  const proxy = options.proxyFromEnvironment ? (env.HTTPS_PROXY ?? env.https_proxy) : undefined;
  return {
    proxy: proxy ? hostOf(proxy) : null,
    extraCa: options.extraCaFile !== null,
    systemCa: options.systemCa,
  };
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return 'unreadable';
  }
}
