import { normalScope } from '../../access/azure/scope.ts';
import { createFailures, type Failure } from '../server/failures.ts';
import { createThrottle } from '../server/throttle.ts';
import { handleArm } from './arm.ts';
import { createBlobHandler } from './blob.ts';
import { createCallers, type Audience } from './callers.ts';
import { handleEntra } from './entra.ts';
import { buildEstate, type EstateOptions } from './estate.ts';
import { handleGraph } from './graph.ts';
import { AzureFault, listenTls, type Answer, type Handled, type Request } from './http.ts';
import { handleLogs } from './log-query.ts';
import { createLoopbackTls } from './tls.ts';
import type { Estate, SignIn } from './types.ts';
import { handleVault } from './vault-data.ts';

/**
 * The sample environment's Azure: Entra, Resource Manager, Key Vault, Managed HSM, Log Analytics and Blob over HTTPS on
 * loopback, each on a port of its own. Evidence taken from it is SAMPLE — NOT EVIDENCE.
 */
export interface AzureSandboxOptions extends EstateOptions {
  /** Milliseconds added to every answer. Default 0. */
  latencyMs?: number;
  /** Requests per second by operation ('arm.ListVaults': 5), for each client and vault. Others: 10,000. */
  quotas?: Record<string, number>;
  failures?: Failure[];
  /** Items in a page of a Resource Manager list. Default 100. Key Vault's 25 is fixed. */
  armPageSize?: number;
  /** Members in a page of a group. Default 100, as Microsoft Graph has it without $top. */
  graphPageSize?: number;
  /** Log Analytics: the row limit (default 500000), and whether every query with rows fails partially. */
  logs?: { maxRows?: number; partialFailure?: boolean };
}

export interface AzureCall {
  operation: string;
  status: number;
  /** Milliseconds since the epoch. */
  at: number;
  path: string;
}

/** Where everything is and how to sign in; plain data, so that it crosses process borders. */
export interface SandboxAzure {
  /** PEM of the authority that every server's certificate is from. */
  ca: string;
  tenantId: string;
  subscriptions: { id: string; name: string }[];
  /** Client ids and secrets: the collector's, an administrator's, and one without any role. */
  signIns: Estate['signIns'];
  /** One server for all of it under Azure's own host names: what a source's sampleEndpoint names. */
  gateway: string;
  /** Entra: authorityHost of a credential. */
  login: string;
  arm: string;
  /** Log Analytics, with /v1. */
  logs: string;
  /** The storage account's blob service. */
  blob: string;
  workspaceId: string;
  /** Data planes by vault or HSM name. */
  vaults: Record<string, string>;
}

export interface AzureSandbox {
  azure: SandboxAzure;
  estate: Estate;
  /** Every answered request so far, in order of answering. */
  calls(): Promise<AzureCall[]>;
  close(): Promise<void>;
}

interface Routed {
  operation: string;
  answer: () => Answer;
}

const RETRY_AFTER_SECONDS = '1';

/** Starts the servers in this process. @throws SandboxError bad-option */
export async function startAzureSandbox(options: AzureSandboxOptions = {}): Promise<AzureSandbox> {
  const estate = buildEstate(options);
  const callers = createCallers(estate);
  const tls = await createLoopbackTls();
  const calls: AzureCall[] = [];
  const failures = createFailures(options.failures ?? []);
  const throttle = createThrottle(options.quotas ?? {});
  const origins = new Map<string, Audience>();
  const uris = new Map<string, string>();
  let serial = 0;

  const answering =
    (place: string, route: (request: Request) => Routed) =>
    (request: Request): Handled => {
      const { operation, answer } = route(request);
      const failure = failures.next(operation);
      const made = settle(() => {
        if (failure?.how === 'error-500')
          throw new AzureFault(500, 'InternalServerError', 'An internal error occurred.');
        const free = throttle.take(operation, place, request.headers.authorization ?? '', Date.now());
        if (failure?.how === 'throttle' || !free)
          throw new AzureFault(
            429,
            'TooManyRequests',
            'The request rate is too high. Retry after the time given.',
            undefined,
            {
              'retry-after': RETRY_AFTER_SECONDS,
            },
          );
        return answer();
      });
      calls.push({ operation, status: made.status, at: Date.now(), path: request.path });
      const requestId = `${estate.tenantId.slice(0, 24)}${String(++serial).padStart(12, '0')}`;
      return { answer: { ...made, headers: { 'x-ms-request-id': requestId, ...made.headers } }, failure };
    };
  const latency = options.latencyMs ?? 0;
  const serve = (place: string, route: (request: Request) => Routed) =>
    listenTls(tls, answering(place, route), latency);

  /** Azure's own addresses, for clients of the gateway. */
  const azureUris = new Map(
    estate.vaults.map((vault) => [normalScope(vault.id), `https://${vault.name}.${suffixOf(vault)}`]),
  );
  const atAzureHost = (host: string, request: Request): Routed => {
    if (host === 'login.microsoftonline.com') return handleEntra(estate, callers, origins, request);
    if (host === 'management.azure.com') return handleArm({ ...facts, uris: azureUris }, request);
    if (host === 'graph.microsoft.com')
      return handleGraph(estate, callers, options.graphPageSize ?? 100, request);
    if (host === 'api.loganalytics.io') return handleLogs(estate, callers, logOptions, request);
    if (host === `${accountName(estate)}.blob.core.windows.net`) return blobs(request);
    const vault = estate.vaults.find((v) => v.deletedAt === undefined && host === `${v.name}.${suffixOf(v)}`);
    if (vault) return handleVault(estate, callers, 'https://login.microsoftonline.com', vault, request);
    return {
      operation: 'unknown.Host',
      answer: () => {
        throw new AzureFault(404, 'NotFound', `The sample environment has no host ${host}.`);
      },
    };
  };

  const login = await serve('login', (request) => handleEntra(estate, callers, origins, request));
  const facts = { estate, callers, uris, pageSize: options.armPageSize ?? 100 };
  const arm = await serve('arm', (request) => handleArm(facts, request));
  const logOptions = {
    maxRows: options.logs?.maxRows ?? 500_000,
    partialFailure: options.logs?.partialFailure ?? false,
  };
  const logs = await serve('logs', (request) => handleLogs(estate, callers, logOptions, request));
  const blobs = createBlobHandler(estate, callers);
  const blob = await serve('blob', blobs);
  const open = [login, arm, logs, blob];
  // The SDKs ask for a token of the address they were pointed at.
  origins
    .set(arm.endpoint, 'arm')
    .set(logs.endpoint, 'logs')
    .set(`${logs.endpoint}/v1`, 'logs')
    .set(blob.endpoint, 'blob');
  const vaults: Record<string, string> = {};
  for (const vault of estate.vaults) {
    if (vault.deletedAt !== undefined) continue;
    const server = await serve(vault.name, (request) =>
      handleVault(estate, callers, login.endpoint, vault, request),
    );
    open.push(server);
    uris.set(normalScope(vault.id), server.endpoint);
    vaults[vault.name] = server.endpoint;
  }
  const gateway = await listenTls(
    tls,
    (request) => {
      const host = new URL(request.origin).hostname;
      return answering(host, (at) => atAzureHost(host, at))(request);
    },
    latency,
    true,
  );
  open.push(gateway);
  return {
    azure: {
      ca: tls.ca,
      gateway: gateway.endpoint,
      tenantId: estate.tenantId,
      subscriptions: estate.subscriptions.map(({ id, name }) => ({ id, name })),
      signIns: estate.signIns,
      login: login.endpoint,
      arm: arm.endpoint,
      logs: `${logs.endpoint}/v1`,
      blob: blob.endpoint,
      workspaceId: estate.workspace.customerId,
      vaults,
    },
    estate,
    calls: async () => [...calls],
    close: async () => {
      await Promise.all(open.map((server) => server.close()));
    },
  };
}

const suffixOf = (vault: Estate['vaults'][number]): string =>
  vault.kind === 'hsm' ? 'managedhsm.azure.net' : 'vault.azure.net';
const accountName = (estate: Estate): string => estate.storageAccountId.split('/').at(-1)!;

function settle(answer: () => Answer): Answer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof AzureFault) return error.answer;
    throw error;
  }
}

export type { Estate, SignIn };
