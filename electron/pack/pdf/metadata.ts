/** The metadata a PDF states about itself: XMP with the PDF/A-3a and PDF/UA-1 marks (ISO 19005-3, 6.6; ISO 14289-1, 5). */
import { ascii, pdfDate, textString } from './syntax.ts';

/** What a document says about itself. */
export interface DocumentInfo {
  title: string;
  author: string;
  subject: string;
  /** Tool and version that made the file. */
  producer: string;
  /** The document's own time, ISO 8601; the only time that enters the file. */
  time: string;
  /** BCP 47 language of the text, e.g. `en`. */
  language: string;
}

/** The XMP packet, UTF-8, read-only and unpadded: nothing may grow inside a sealed file. */
export function xmp(info: DocumentInfo): Buffer {
  const time = new Date(info.time).toISOString().slice(0, 19) + 'Z';
  const alt = (text: string): string =>
    `<rdf:Alt><rdf:li xml:lang="x-default">${xml(text)}</rdf:li></rdf:Alt>`;
  return Buffer.from(`<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
<dc:title>${alt(info.title)}</dc:title>
<dc:creator><rdf:Seq><rdf:li>${xml(info.author)}</rdf:li></rdf:Seq></dc:creator>
<dc:description>${alt(info.subject)}</dc:description>
<dc:language><rdf:Bag><rdf:li>${xml(info.language)}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>${time}</xmp:CreateDate><xmp:ModifyDate>${time}</xmp:ModifyDate><xmp:MetadataDate>${time}</xmp:MetadataDate>
<xmp:CreatorTool>${xml(info.producer)}</xmp:CreatorTool><pdf:Producer>${xml(info.producer)}</pdf:Producer>
</rdf:Description>
${UA_SCHEMA}</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`);
}

/** The document information dictionary; it repeats the XMP, as PDF/A wants, for old readers. */
export function infoDictionary(info: DocumentInfo): string {
  const date = pdfDate(info.time);
  return (
    `<</Title ${textString(info.title)}/Author ${textString(info.author)}/Subject ${textString(info.subject)}` +
    `/Creator ${textString(info.producer)}/Producer ${textString(info.producer)}/CreationDate ${date}/ModDate ${date}>>`
  );
}

/** `/Lang` value of the catalogue. */
export const language = (info: DocumentInfo): string => ascii(info.language);

const XML_ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes for XML 1.0; characters that XML cannot hold become U+FFFD. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\x20-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"]/g, (c) => XML_ENTITIES[c] ?? c);
}

/** PDF/A knows no `pdfuaid` schema of its own, so the file describes it (ISO 19005-3, 6.6.2.3). */
const UA_SCHEMA = `<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the document follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
`;
