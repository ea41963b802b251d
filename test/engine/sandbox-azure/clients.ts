import { ClientSecretCredential } from '@azure/identity';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
  tlsPolicy,
} from '@azure/core-rest-pipeline';
import { KeyClient } from '@azure/keyvault-keys';
import type { SandboxAzure } from '../../../electron/sandbox/azure/index.ts';
import type { SignIn } from '../../../electron/sandbox/azure/types.ts';

export const AS_OF = '2026-11-24T00:00:00Z';

export interface Reply {
  status: number;
  code: string | undefined;
  headers: Record<string, string>;
  body: Record<string, unknown> & { value?: Record<string, unknown>[]; nextLink?: string };
  text: string;
}

/** Real SDK clients pointed at the sandbox. Retries are off, so that a test sees the first answer. */
export function clients(azure: SandboxAzure, signIn: SignIn = azure.signIns.auditor) {
  const tlsOptions = { ca: azure.ca };
  const credential = new ClientSecretCredential(azure.tenantId, signIn.clientId, signIn.clientSecret, {
    authorityHost: azure.login,
    disableInstanceDiscovery: true,
    tlsOptions,
    retryOptions: { maxRetries: 0 },
  });
  const http = createDefaultHttpClient();
  const send = async (scope: string, url: string, body?: unknown): Promise<Reply> => {
    const pipeline = createEmptyPipeline();
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }));
    pipeline.addPolicy(tlsPolicy(tlsOptions));
    const answer = await pipeline.sendRequest(
      http,
      createPipelineRequest({
        url,
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      }),
    );
    const text = answer.bodyAsText ?? '';
    const json = text.startsWith('{') ? (JSON.parse(text) as Reply['body']) : {};
    const code = (json['error'] as { code?: string } | undefined)?.code;
    return { status: answer.status, code, headers: answer.headers.toJSON(), body: json, text };
  };
  const arm = (path: string, version: string, more = ''): Promise<Reply> =>
    send('https://management.azure.com/.default', `${azure.arm}${path}?api-version=${version}${more}`);
  return {
    credential,
    arm,
    /** Every item of an ARM list, following nextLink as it comes; and how many pages that were. */
    async all(
      path: string,
      version: string,
      more = '',
    ): Promise<{ items: Record<string, unknown>[]; pages: number }> {
      const items: Record<string, unknown>[] = [];
      let pages = 0;
      let reply = await arm(path, version, more);
      for (;;) {
        if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
        pages++;
        items.push(...(reply.body.value ?? []));
        if (reply.body.nextLink === undefined) return { items, pages };
        reply = await send('https://management.azure.com/.default', reply.body.nextLink);
      }
    },
    logs: (query: string, timespan?: string): Promise<Reply> =>
      send('https://api.loganalytics.io/.default', `${azure.logs}/workspaces/${azure.workspaceId}/query`, {
        query,
        ...(timespan === undefined ? {} : { timespan }),
      }),
    blob: (path: string): Promise<Reply> =>
      send('https://storage.azure.com/.default', `${azure.blob}${path}`),
    get: send,
    keys: (vault: string): KeyClient =>
      new KeyClient(azure.vaults[vault]!, credential, {
        disableChallengeResourceVerification: true,
        tlsOptions,
        retryOptions: { maxRetries: 0 },
      }),
  };
}

/** Status and inner code of the refusal, or 'answered'. */
export async function refusal(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'answered';
  } catch (error) {
    const e = error as {
      statusCode?: number;
      code?: string;
      details?: { error?: { innerError?: { code?: string }; innererror?: { code?: string } } };
    };
    const inner = e.details?.error?.innererror?.code ?? e.details?.error?.innerError?.code;
    return [e.statusCode, inner ?? e.code].filter(Boolean).join(' ');
  }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
