import { isIssuedBy } from '../chain.ts';
import { readCertificate, type Certificate } from '../certificate.ts';
import { SealError } from '../error.ts';
import { OID } from '../oids.ts';
import { oidOf, parseAsn } from '../der/read.ts';
import { crlIssuer, parseCrl } from '../revocation/crl.ts';
import { parseOcsp } from '../revocation/ocsp.ts';
import type { RevocationData } from '../revocation/status.ts';
import type { SignedData, SignerInfo } from './signed-data.ts';
import { parseSignedData } from './signed-data.ts';

/** CRLs and OCSP responses inside a CMS signature (RFC 5652 §10.2.1, RFC 5940). @throws SealError MALFORMED */
export function revocationsInside(signedData: SignedData): RevocationData {
  const crls: Uint8Array[] = [];
  const ocsps: Uint8Array[] = [];
  for (const choice of signedData.revocations) {
    if (choice[0] === 0x30) crls.push(choice);
    else {
      const [format, response] = parseAsn(choice, 'revocation data').members;
      if (choice[0] !== 0xa1 || oidOf(format, 'revocation data') !== OID.ocspResponseRevocation || !response)
        throw new SealError('MALFORMED', 'cannot read revocation data: it is neither CRL nor OCSP response');
      ocsps.push(response.der);
    }
  }
  return { crls, ocsps };
}

/** Who else than the signer has certificates in a signature, and what is wrong with the revocation data they signed. */
export interface OtherParties {
  readonly certificates: readonly Certificate[];
  readonly problems: readonly string[];
}

/**
 * The authorities of the tokens inside, and those who signed the revocation data inside. No signature covers these data:
 * each must verify with an issuer at hand, so that a changed byte does not go unnoticed.
 */
export function otherParties(
  signedData: SignedData,
  info: SignerInfo,
  known: readonly Uint8Array[],
): OtherParties {
  const tokens = [OID.signatureTimestamp, OID.archiveTimestamp].flatMap(
    (type) => info.unsigned.get(type) ?? [],
  );
  const ofTokens = tokens.flatMap((token) => signersOf(token.der));
  const { crls, ocsps } = revocationsInside(signedData);
  const pool = [...signedData.certificates, ...known, ...ofTokens.map(({ der }) => der)];
  const certificates = [...ofTokens];
  const problems: string[] = [];
  for (const der of crls) {
    const issuer = crlIssuer(parseCrl(der), pool);
    if (issuer) certificates.push(issuer);
    else problems.push('a revocation list inside it verifies with no issuer at hand');
  }
  const issuers = pool.map(readCertificate);
  for (const der of ocsps) {
    const response = parseOcsp(der);
    const signed = issuers.map((issuer) => response.signedFor(issuer)).find((one) => 'responder' in one);
    if (!signed || !('responder' in signed))
      problems.push('an OCSP response inside it verifies with no issuer at hand');
    else
      certificates.push(
        signed.responder,
        ...issuers.filter((issuer) => isIssuedBy(signed.responder, issuer)),
      );
  }
  return { certificates, problems };
}

function signersOf(token: Uint8Array): Certificate[] {
  return parseSignedData(token, 'a time-stamp token', { trailing: 'zeros' }).certificates.map(
    readCertificate,
  );
}
