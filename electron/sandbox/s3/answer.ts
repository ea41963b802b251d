import type { Instant } from '../company/types.ts';
import type { WireResponse } from '../server/message.ts';

/** Answers as Amazon S3 words them (S3 API reference, "Error responses"). */

export const escapeXml = (text: string): string =>
  text.replace(/[<>&"'\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);

export const xmlAnswer = (root: string, inner: string): WireResponse => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${root}>`,
});

export const element = (name: string, value: string | number | boolean): string =>
  `<${name}>${escapeXml(String(value))}</${name}>`;

export const errorAnswer = (
  status: number,
  code: string,
  message: string,
  details: Record<string, string> = {},
): WireResponse => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${element('Code', code)}${element('Message', message)}${Object.entries(
    details,
  )
    .map(([name, value]) => element(name, value))
    .join('')}</Error>`,
});

/** `Last-Modified` and `Date`. */
export const httpDate = (at: Instant): string => new Date(at).toUTCString();
