import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
} from '@azure/core-rest-pipeline';
import { KeyClient } from '@azure/keyvault-keys';
import { canonicalJson } from '../../../db/ledger/canonical-json.ts';
import type { Answer, Asker, Perform } from '../../collect/asker.ts';
import { CollectError } from '../../collect/error.ts';
import { underTicket, type AzureTicket } from '../../recorder/azure-adapter.ts';
import { azureErrorMessage } from '../../recorder/azure-answers.ts';
import type { Call } from '../../recorder/call.ts';
import { tokenScope, type AzureCloud } from './clouds.ts';
import type { AzureInput, AzureOperation } from './operation.ts';
import { challenge } from './operations/sign-in.ts';
import { scopeOf } from './scope.ts';

/** Asks Azure one question; see {@link Asker.ask}. `label` tells apart calls that are the same but for their purpose. */
export type AskAzure = <O>(op: AzureOperation<O>, input: AzureInput, label?: string) => Promise<Answer<O>>;

/** What asking needs to know of the source. */
export interface AzureAccess {
  source: string;
  tenant: string;
  cloud: AzureCloud;
  credential: TokenCredential;
  http: HttpClient;
}

export function askAzure(asker: Asker, access: AzureAccess): AskAzure {
  const clients = keyClients(access);
  const pipelines = restPipelines(access);
  return <O>(op: AzureOperation<O>, input: AzureInput, label = '') => {
    const scope = scopeOf(access.tenant, input);
    const perform: Perform<O> = async (call, replaySeq, signal) => {
      const target = op.rest ? op.rest(access.cloud, input) : { url: input.page ?? `${input.uri}/` };
      const ticket: AzureTicket = {
        call,
        // What a page's link may not change: where the question was first asked.
        origin: originOf(op, access.cloud, input),
        challenge: op.sdk ? challengeOf(call) : null,
        replaySeq,
        signal,
        recorded: null,
      };
      let output: O | null = null;
      let failure: unknown = null;
      try {
        output = await underTicket(ticket, () =>
          op.sdk
            ? op.sdk(clients(input.uri ?? ''), input, signal)
            : sendRest<O>(pipelines(op, input), access.http, target, op, signal),
        );
      } catch (error) {
        failure = error;
      }
      const { recorded } = ticket;
      if (!recorded) throw notSent(failure, signal, access.source, op.action);
      const { facts, body } = recorded;
      if (facts.outcome !== 'ok') output = null;
      if (output !== null && op.sdk && body) output = withNext(output, body);
      const message = facts.outcome === 'error' && body ? azureErrorMessage(body) : null;
      return { recorded, output, message };
    };
    return asker.ask({ op, scope, label, params: canonicalJson(input), perform });
  };
}

/** One client for each vault: it remembers the vault's challenge. The library neither retries nor follows links. */
function keyClients({ credential, http }: AzureAccess): (uri: string) => KeyClient {
  const all = new Map<string, KeyClient>();
  return (uri) => {
    let client = all.get(uri);
    if (!client) {
      client = new KeyClient(uri, credential, {
        httpClient: http,
        retryOptions: { maxRetries: 0 },
        redirectOptions: { maxRetries: 0 },
        userAgentOptions: { userAgentPrefix: 'keywitness' },
      });
      all.set(uri, client);
    }
    return client;
  };
}

/** Pipelines by the service whose token they carry. */
function restPipelines({ credential, cloud }: AzureAccess) {
  const all = new Map<string, Pipeline>();
  return (op: AzureOperation, input: AzureInput): Pipeline => {
    const scopes = op.plane === 'vault' ? hsmScope(cloud, input.uri ?? '') : tokenScope(cloud, op.plane);
    let pipeline = all.get(scopes);
    if (!pipeline) {
      pipeline = createEmptyPipeline();
      pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }));
      all.set(scopes, pipeline);
    }
    return pipeline;
  };
}

function hsmScope(cloud: AzureCloud, uri: string): string {
  const suffix = new URL(uri).hostname.endsWith(cloud.hsmSuffix) ? cloud.hsmSuffix : cloud.vaultSuffix;
  return `https://${suffix.slice(1)}/.default`;
}

async function sendRest<O>(
  pipeline: Pipeline,
  http: HttpClient,
  target: { url: string; method?: 'GET' | 'POST'; body?: unknown; headers?: Record<string, string> },
  op: AzureOperation<O>,
  abortSignal: AbortSignal,
): Promise<O> {
  const request = createPipelineRequest({
    url: target.url,
    method: target.method ?? 'GET',
    headers: createHttpHeaders({ accept: 'application/json', 'user-agent': 'keywitness', ...target.headers }),
    abortSignal,
    ...(target.body === undefined ? {} : { body: JSON.stringify(target.body) }),
  });
  if (target.body !== undefined) request.headers.set('content-type', 'application/json');
  const { status, bodyAsText } = await pipeline.sendRequest(http, request);
  if (status < 200 || status >= 300) throw new Error(`the answer is ${status}`);
  if (op.answer.format !== 'json') return (bodyAsText ?? '') as O;
  return JSON.parse(bodyAsText ?? '') as O;
}

function originOf(op: AzureOperation, cloud: AzureCloud, input: AzureInput): string {
  if (op.plane === 'arm') return new URL(cloud.arm).origin;
  if (op.plane === 'logs' || op.plane === 'graph') return new URL(cloud[op.plane]).origin;
  return new URL(input.uri ?? '').origin;
}

/** The question a vault is asked without a token, as a call of its own. */
function challengeOf(call: Call): Call {
  const { id, bodyClass, keepHeaders, answer } = challenge;
  return { ...call, op: id, label: '', params: '{}', attempt: 1, bodyClass, keepHeaders, answer };
}

/** The link to the next page, which the key library does not hand out. */
function withNext<O>(output: O, body: Buffer): O {
  const { nextLink } = JSON.parse(body.toString('utf8')) as { nextLink?: unknown };
  return typeof nextLink === 'string' && nextLink !== '' ? { ...output, next: nextLink } : output;
}

/** Why a call was not even sent: mostly, no token could be had. */
function notSent(failure: unknown, signal: AbortSignal, source: string, action: string): unknown {
  if (signal.aborted) return signal.reason;
  const name = failure instanceof Error ? failure.name : '';
  if (/Credential|Authentication|InteractionRequired|Msal|ServerError|ClientAuth/.test(name)) {
    return noCredentials(source, action, failure as Error);
  }
  return failure;
}

export function noCredentials(source: string, action: string, cause: Error): CollectError {
  // The library's text may run over many lines, with trace ids: the first says why.
  const why = cause.message.split('\n')[0]!.trim();
  return new CollectError(
    'CREDENTIALS',
    `cannot ask ${action} for source ${source}: no token (${why}). Sign in, then resume.`,
    { cause },
  );
}
