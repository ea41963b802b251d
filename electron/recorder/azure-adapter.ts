import { AsyncLocalStorage } from 'node:async_hooks';
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { azureAnswers } from './azure-answers.ts';
import type { Call, Recorded } from './call.ts';
import { replay } from './finals.ts';
import type { Outgoing, Sender } from './https-sender.ts';
import { recordExchange, type RecorderCore } from './record-exchange.ts';

/** A call on its way through an Azure client, and what became of it. */
export interface AzureTicket {
  call: Call;
  /** Scheme, host and port the call may go to, and no other: a token must not follow a link elsewhere. */
  origin: string;
  /** Key Vault is asked without a token first, and answers where to get one. That request is a call of its own. */
  challenge: Call | null;
  /** Answer from this ledger entry instead of the network. */
  replaySeq: number | null;
  signal: AbortSignal;
  /** Set once the exchange is committed (or replayed). */
  recorded: Recorded | null;
}

const current = new AsyncLocalStorage<AzureTicket>();

/** Runs a client's call under a ticket: the request it makes is recorded as that call. */
export function underTicket<T>(ticket: AzureTicket, work: () => Promise<T>): Promise<T> {
  return current.run(ticket, work);
}

/**
 * The HTTP part of every Azure client: everything that passes is in the ledger before it is used. It sends nothing that
 * has no ticket: an unrecorded call is a bug.
 */
export function recordingHttpClient(core: RecorderCore, sender: Sender): HttpClient {
  return {
    async sendRequest(request) {
      const ticket = current.getStore();
      if (!ticket) throw new Error('cannot send a request to Azure: it was not asked through the recorder.');
      const url = new URL(request.url);
      if (url.origin !== ticket.origin) {
        throw new Error(
          `cannot follow a link from ${ticket.origin} to ${url.origin}: it is another host. Report it to the provider.`,
        );
      }
      if (ticket.replaySeq !== null) {
        ticket.recorded = replay(core.writer.db, ticket.replaySeq);
        return responseOf(request, ticket.recorded);
      }
      const send = (call: Call) =>
        recordExchange(
          core,
          azureAnswers,
          call,
          sender.hostOf(url),
          () => sender.send(outgoing(request, url), ticket.signal),
          ticket.signal,
        );
      if (ticket.challenge && !request.headers.has('authorization')) {
        return responseOf(request, await send(ticket.challenge));
      }
      ticket.recorded = await send(ticket.call);
      return responseOf(request, ticket.recorded);
    },
  };
}

/**
 * The HTTP part of sign-in: the client's log may show these calls, so ours must. Neither their parameters nor their
 * answers are kept.
 */
export function signInHttpClient(
  core: RecorderCore,
  sender: Sender,
  callOf: (url: URL) => Call,
  signal: AbortSignal,
): HttpClient {
  return {
    async sendRequest(request) {
      const url = new URL(request.url);
      const recorded = await recordExchange(
        core,
        azureAnswers,
        callOf(url),
        sender.hostOf(url),
        () => sender.send(outgoing(request, url), signal),
        signal,
      );
      return responseOf(request, recorded);
    },
  };
}

function outgoing(request: PipelineRequest, url: URL): Outgoing {
  const { body } = request;
  if (body !== undefined && body !== null && typeof body !== 'string' && !Buffer.isBuffer(body)) {
    throw new Error('cannot send a request to Azure: its body is not text.');
  }
  return { url, method: request.method, headers: request.headers.toJSON(), body: body ?? null };
}

/** What the client library gets to parse: the committed bytes, or an error when there is nothing to parse. */
function responseOf(request: PipelineRequest, recorded: Recorded): PipelineResponse {
  const { facts, headers, body } = recorded;
  if (facts.httpStatus === null || (facts.outcome !== 'ok' && facts.httpStatus < 300)) {
    throw new Error(`no usable answer: ${facts.errorCode ?? facts.outcome}`);
  }
  return {
    request,
    status: facts.httpStatus,
    headers: createHttpHeaders({ 'content-type': 'application/json', ...headers }),
    bodyAsText: body ? body.toString('utf8') : '',
  };
}
