/** XML of the AWS Query protocol: lists are <member>s, absent members are left out. */
export type XmlValue =
  string | number | boolean | Date | undefined | XmlMap | XmlValue[] | { [name: string]: XmlValue };

/** A map, written as repeated <entry><key/><value/></entry>. */
export class XmlMap {
  readonly entries: [string, string | number][];
  constructor(values: Record<string, string | number>) {
    this.entries = Object.entries(values);
  }
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (c) => ESCAPES[c]!);

export function xml(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  return `<${name}>${content(value)}</${name}>`;
}

function content(value: XmlValue): string {
  if (Array.isArray(value)) return value.map((item) => xml('member', item)).join('');
  if (value instanceof XmlMap)
    return value.entries.map(([key, item]) => xml('entry', { key, value: item })).join('');
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, item]) => xml(name, item))
      .join('');
  return escapeXml(String(value));
}

/** RFC 3986, as IAM encodes policy documents. */
export const urlEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
