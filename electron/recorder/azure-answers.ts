import type { AnswerReader } from './record-exchange.ts';

/**
 * Reads request ids and error codes from Azure answers: Resource Manager, Key Vault and Log Analytics (JSON), storage
 * (XML and a header), Entra (OAuth). Key Vault says why it forbids only in the inner error:
 * https://learn.microsoft.com/azure/key-vault/general/rest-error-codes
 */
export const azureAnswers: AnswerReader = {
  requestId: (headers) =>
    headers['x-ms-request-id'] ?? headers['x-ms-correlation-request-id'] ?? headers['request-id'] ?? null,
  errorCode: (status, headers, body) =>
    name(headers['x-ms-error-code']) ?? codeInBody(body) ?? `Http${status}`,
};

/** The provider's words about an error, for people; null when the answer has none. */
export function azureErrorMessage(body: Buffer): string | null {
  const text = body.toString('utf8');
  if (isXml(text)) return /<Message>([^<]*)<\/Message>/.exec(text)?.[1]?.trim() ?? null;
  const { error, error_description: described } = jsonObject(text);
  if (typeof described === 'string') return described;
  const message = object(error)['message'];
  return typeof message === 'string' ? message.trim() : null;
}

function codeInBody(body: Buffer): string | null {
  const text = body.toString('utf8');
  if (isXml(text)) return name(/<Code>([^<]*)<\/Code>/.exec(text)?.[1]);
  const { error } = jsonObject(text);
  if (typeof error === 'string') return name(error);
  const outer = object(error);
  const inner = object(outer['innererror'] ?? outer['innerError']);
  // Log Analytics carries numbers there, which say nothing.
  const forbidden = name(inner['code']);
  return forbidden !== null && /^[A-Za-z]/.test(forbidden) ? forbidden : name(outer['code']);
}

const isXml = (text: string): boolean =>
  text
    .replace(/^\uFEFF/, '')
    .trimStart()
    .startsWith('<');

/** A code is a name, never free text. */
function name(raw: unknown): string | null {
  return typeof raw === 'string' && /^[A-Za-z0-9_.-]{1,128}$/.test(raw) ? raw : null;
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    return object(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return {};
  }
}
