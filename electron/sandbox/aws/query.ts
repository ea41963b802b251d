import type { Call } from './call.ts';
import { escapeXml, xml, type XmlValue } from './xml.ts';

/** One operation of a Query service: form parameters in, members of <XResult> out. */
export type QueryOperation = (call: Call, input: URLSearchParams) => Record<string, XmlValue>;

export const QUERY_NAMESPACES = {
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
} as const;
export type QueryService = keyof typeof QUERY_NAMESPACES;

export function queryAnswer(
  service: QueryService,
  action: string,
  result: Record<string, XmlValue>,
  requestId: string,
): string {
  return `<${action}Response xmlns="${QUERY_NAMESPACES[service]}">${xml(`${action}Result`, result)}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`;
}

export function queryError(
  service: QueryService,
  code: string,
  message: string,
  status: number,
  requestId: string,
): string {
  const type = status >= 500 ? 'Receiver' : 'Sender';
  return `<ErrorResponse xmlns="${QUERY_NAMESPACES[service]}"><Error><Type>${type}</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}
