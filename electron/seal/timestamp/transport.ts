import { SealError } from '../error.ts';

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** The largest answer read. Real tokens are 1-10 KB. */
export const MOST_ANSWER_BYTES = 1024 * 1024;
const MOST_REDIRECTS = 3;

/**
 * Posts a time-stamp query over HTTP (RFC 3161 §3.4) and returns the body of the answer.
 *
 * @throws SealError TSA_URL_UNSUITABLE, TSA_UNREACHABLE, TSA_ANSWER_MALFORMED, TOO_LARGE
 */
export async function postQuery(
  url: string,
  query: Uint8Array,
  options: { fetch?: Fetch; timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Uint8Array> {
  const timeoutMs = options.timeoutMs ?? 15_000;
  const signals = [AbortSignal.timeout(timeoutMs), ...(options.signal ? [options.signal] : [])];
  const { target, authorization } = checkUrl(url);
  const init: RequestInit = {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.any(signals),
    headers: {
      'content-type': 'application/timestamp-query',
      accept: 'application/timestamp-reply',
      ...(authorization ? { authorization } : {}),
    },
    body: Buffer.from(query),
  };
  try {
    const response = await follow(target, init, options.fetch ?? fetch);
    return await readBounded(response, target.host);
  } catch (error) {
    if (error instanceof SealError) throw error;
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    const reason = timedOut ? `no answer within ${timeoutMs} ms` : 'the connection failed';
    throw new SealError(
      'TSA_UNREACHABLE',
      `cannot reach the timestamp authority ${target.host}: ${reason}. Check the network, or stamp later`,
      {
        cause: error,
      },
    );
  }
}

function checkUrl(url: string): { target: URL; authorization: string | null } {
  const target = URL.canParse(url) ? new URL(url) : null;
  if (target?.protocol !== 'http:' && target?.protocol !== 'https:') {
    throw new SealError(
      'TSA_URL_UNSUITABLE',
      'cannot use the timestamp address: it is not http or https. Give the address of a TSA',
    );
  }
  const { username, password } = target;
  target.username = '';
  target.password = '';
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = username === '' ? null : `Basic ${Buffer.from(credentials).toString('base64')}`;
  return { target, authorization };
}

/**
 * Sends once more when the connection was reset: a server may close an idle one in the very moment that it is used again,
 * and asking twice for the time of a hash does no harm.
 */
async function sendAnew(send: () => Promise<Response>): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    const cause = (error as { cause?: { code?: unknown } }).cause?.code;
    if (cause === 'ECONNRESET' || cause === 'UND_ERR_SOCKET') return send();
    throw error;
  }
}

/** Follows 307 and 308, which keep the query; never from https to http, and never with credentials to another host. */
async function follow(start: URL, init: RequestInit, send: Fetch): Promise<Response> {
  let target = start;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const headers = new Headers(init.headers);
    if (target.origin !== start.origin) headers.delete('authorization');
    const response = await sendAnew(() => send(target, { ...init, headers }));
    if (response.status !== 307 && response.status !== 308) return response;
    await response.body?.cancel();
    const location = response.headers.get('location') ?? '';
    if (!URL.canParse(location, target.href)) break;
    const next = new URL(location, target);
    if (next.protocol !== 'https:' && next.protocol !== start.protocol) break;
    target = next;
  }
  throw new SealError(
    'TSA_UNREACHABLE',
    `cannot reach the timestamp authority ${start.host}: its redirection is not followed. Give its final address`,
  );
}

async function readBounded(response: Response, host: string): Promise<Uint8Array> {
  const type = response.headers.get('content-type') ?? '';
  if (response.status !== 200 || !/^application\/timestamp-reply\b/i.test(type)) {
    await response.body?.cancel();
    throw new SealError(
      'TSA_ANSWER_MALFORMED',
      `cannot use the answer of ${host}: HTTP ${response.status} with content type "${type.slice(0, 60)}" is no time-stamp reply. Check the address`,
    );
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop by an error cancels the body.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MOST_ANSWER_BYTES) {
      throw new SealError(
        'TOO_LARGE',
        `cannot use the answer of ${host}: it is larger than 1 MiB. Use another authority`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
