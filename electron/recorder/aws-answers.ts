import type { AnswerReader } from './record-exchange.ts';

/**
 * Reads request ids and error codes from AWS answers of all three wire formats: JSON (`__type`, `x-amzn-errortype`),
 * Query and S3 XML (`<Code>`). Formats: https://smithy.io/2.0/aws/protocols/
 */
export const awsAnswers: AnswerReader = {
  requestId: (headers) => headers['x-amzn-requestid'] ?? headers['x-amz-request-id'] ?? null,
  errorCode: (status, headers, body) =>
    errorName(headers['x-amzn-errortype']) ?? codeInBody(body) ?? `Http${status}`,
};

/** The provider's words about an error, for people; null when the answer has none. */
export function awsErrorMessage(body: Buffer): string | null {
  const text = body.toString('utf8');
  if (text.trimStart().startsWith('<')) return decodeXml(/<Message>([^<]*)<\/Message>/.exec(text)?.[1]);
  const value = jsonObject(text);
  const message = value?.message ?? value?.Message ?? value?.errorMessage;
  return typeof message === 'string' ? message : null;
}

function codeInBody(body: Buffer): string | null {
  const text = body.toString('utf8');
  if (text.trimStart().startsWith('<')) return errorName(/<Code>([^<]*)<\/Code>/.exec(text)?.[1]);
  const value = jsonObject(text);
  const name = value?.__type ?? value?.code ?? value?.Code;
  return typeof name === 'string' ? errorName(name) : null;
}

/** `com.amazonaws.kms#NotFoundException:http://…` → `NotFoundException`. A code is a name, never free text. */
function errorName(raw: string | undefined): string | null {
  const name = raw?.split(':')[0]?.split('#').at(-1)?.trim();
  return name && /^[A-Za-z0-9_.-]{1,128}$/.test(name) ? name : null;
}

function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeXml(text: string | undefined): string | null {
  return text?.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => entities[name]!) ?? null;
}
