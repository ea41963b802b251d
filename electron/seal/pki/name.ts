import { OID } from '../oids.ts';
import { objectIdentifier, printableString, sequence, setOf, utf8String } from '../der/write.ts';

/** Who a certificate is for. */
export interface SubjectName {
  readonly commonName: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  /** Two letters, ISO 3166. */
  readonly country?: string;
}

/** Name as DER, country first as CAs write it (RFC 5280 §4.1.2.4). */
export function encodeName(name: SubjectName): Uint8Array {
  const part = (oid: string, value: Uint8Array): Uint8Array => setOf(sequence(objectIdentifier(oid), value));
  const text = (oid: string, value: string | undefined): Uint8Array[] =>
    value === undefined ? [] : [part(oid, utf8String(value))];
  return sequence(
    ...(name.country === undefined ? [] : [part(OID.country, printableString(name.country))]),
    ...text(OID.organization, name.organization),
    ...text(OID.organizationalUnit, name.organizationalUnit),
    ...text(OID.commonName, name.commonName),
  );
}
