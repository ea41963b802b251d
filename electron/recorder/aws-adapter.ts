import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import type { HttpHandlerOptions, HttpRequest, HttpResponse } from '@smithy/types';
import type { Agents } from './agents.ts';
import { awsAnswers } from './aws-answers.ts';
import type { Call, Recorded } from './call.ts';
import { replay } from './finals.ts';
import { recordExchange, type RawAnswer, type RecorderCore } from './record-exchange.ts';
import { tlsPeerFingerprint } from './tls-peer.ts';

/** A call on its way through an AWS client, and what became of it. Given as an option of `client.send`. */
export interface CallTicket {
  call: Call;
  /** Answer from this ledger entry instead of the network. */
  replaySeq: number | null;
  /** Set once the exchange is committed (or replayed). */
  recorded: Recorded | null;
}

/** Options of `client.send` that the recording handler understands. */
export type RecordedSendOptions = HttpHandlerOptions & { ticket: CallTicket };

/** The `requestHandler` of every AWS client. It sends nothing that has no ticket: an unrecorded call is a bug. */
export type RecordingHandler = ReturnType<typeof recordingHandler>;

/** Time without a byte after which a connection is given up, ms. */
const IDLE_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** A plain handler over the run's agents. */
export function plainHandler(agents: Agents): NodeHttpHandler {
  return new NodeHttpHandler({
    httpAgent: agents.http,
    httpsAgent: agents.https,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: IDLE_TIMEOUT_MS,
  });
}

/**
 * Wraps the HTTP handler of AWS clients so that everything that passes is in the ledger before it is used.
 *
 * @param ticketOf gives a request its ticket; by default the one that came as an option of `client.send`.
 */
export function recordingHandler(
  core: RecorderCore,
  inner: NodeHttpHandler,
  ticketOf: (request: HttpRequest, options: Partial<RecordedSendOptions>) => CallTicket = givenTicket,
) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(
      request: HttpRequest,
      options: Partial<RecordedSendOptions> = {},
    ): Promise<{ response: HttpResponse }> {
      const ticket = ticketOf(request, options);
      const { ticket: _, ...rest } = options;
      const signal = (rest.abortSignal as AbortSignal | undefined) ?? new AbortController().signal;
      ticket.recorded =
        ticket.replaySeq !== null
          ? replay(core.writer.db, ticket.replaySeq)
          : await recordExchange(
              core,
              awsAnswers,
              ticket.call,
              hostOf(request),
              () => send(inner, request, rest),
              signal,
            );
      return { response: responseOf(ticket.recorded) };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: (): NodeHttpHandlerOptions => ({}),
    // The agents belong to the run, not to one client.
    destroy: () => undefined,
  };
}

function givenTicket(_request: HttpRequest, options: Partial<RecordedSendOptions>): CallTicket {
  if (!options.ticket) {
    throw new Error('cannot send a request to AWS: it was not asked through the recorder.');
  }
  return options.ticket;
}

async function send(
  inner: NodeHttpHandler,
  request: HttpRequest,
  options: HttpHandlerOptions,
): Promise<RawAnswer> {
  const { response } = await inner.handle(request as Parameters<NodeHttpHandler['handle']>[0], options);
  const stream = response.body as IncomingMessage;
  return {
    status: response.statusCode,
    headers: response.headers,
    stream,
    tlsPeer: tlsPeerFingerprint(stream.socket),
  };
}

function hostOf(request: HttpRequest): string {
  return request.port ? `${request.hostname}:${request.port}` : request.hostname;
}

/**
 * What the client library gets to parse: the committed bytes. Without an answer there is nothing to parse, and the
 * library is told so by an error; the caller reads the ending from the ticket.
 */
function responseOf(recorded: Recorded): HttpResponse {
  const { facts, headers, body, replayed } = recorded;
  if (facts.httpStatus === null || (facts.outcome !== 'ok' && facts.httpStatus < 300)) {
    throw new Error(`no usable answer: ${facts.errorCode ?? facts.outcome}`);
  }
  const errorHeaders: Record<string, string> = facts.errorCode ? { 'x-amzn-errortype': facts.errorCode } : {};
  return {
    statusCode: facts.httpStatus,
    headers: {
      ...headers,
      ...errorHeaders,
      ...(facts.requestId !== null && { 'x-amzn-requestid': facts.requestId }),
      // The library corrects its clock by it; the Date of an earlier run would set it wrong.
      ...(facts.serverDate !== null && !replayed && { date: facts.serverDate }),
    },
    // S3 objects are streams for the library; everything else it collects to bytes again.
    body: Readable.from(body ? [body] : [], { objectMode: false }),
  };
}
