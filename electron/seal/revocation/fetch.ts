import { SealError } from '../error.ts';
import type { Fetch } from '../timestamp/transport.ts';

/** How to reach the services that certificates name. */
export interface RetrievalOptions {
  readonly fetch?: Fetch;
  /** Per address, default 10,000 ms. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Revocation lists of large authorities have some megabytes; more than this is something else. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Reads what a certificate points to: an issuer, a revocation list, an OCSP answer (RFC 5280 §4.2.1.13 and §4.2.2.1,
 * RFC 6960 Appendix A). Nothing but the certificate's number leaves the machine.
 *
 * @throws SealError REVOCATION_UNAVAILABLE with the host and the reason.
 */
export async function retrieve(
  url: string,
  options: RetrievalOptions,
  ocspRequest?: Uint8Array,
): Promise<Uint8Array> {
  const target = URL.canParse(url) ? new URL(url) : null;
  if (target?.protocol !== 'http:' && target?.protocol !== 'https:')
    throw unavailable(target?.protocol ?? 'an address', 'it is not http or https');
  const timeoutMs = options.timeoutMs ?? 10_000;
  const signals = [AbortSignal.timeout(timeoutMs), ...(options.signal ? [options.signal] : [])];
  try {
    const response = await (options.fetch ?? fetch)(target, {
      signal: AbortSignal.any(signals),
      ...(ocspRequest
        ? {
            method: 'POST',
            headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
            body: Buffer.from(ocspRequest),
          }
        : {}),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw unavailable(target.host, `it answered HTTP ${response.status}`);
    }
    return await readBounded(response, target.host);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof SealError) throw error;
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    throw unavailable(
      target.host,
      timedOut ? `no answer within ${timeoutMs} ms` : 'the connection failed',
      error,
    );
  }
}

async function readBounded(response: Response, host: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw unavailable(host, 'its answer is larger than 16 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unavailable(host: string, reason: string, cause?: unknown): SealError {
  return new SealError(
    'REVOCATION_UNAVAILABLE',
    `cannot obtain revocation data from ${host}: ${reason}. Check the network, or raise the pack's level later with: keywitness timestamp`,
    { cause },
  );
}
