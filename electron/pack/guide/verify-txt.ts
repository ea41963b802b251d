/** What VERIFY.txt needs to know of a pack. */
export interface VerifyFacts {
  name: string;
  sample: boolean;
  /** SHA-256 fingerprint and subject of the signer's certificate. */
  signer: { subject: string; sha256: string };
  /** Files in the pack with certificates to check against, or null when the operator gave none. */
  signerRoots: string | null;
  authorityRoots: string | null;
}

/** VERIFY.txt: the exact commands, what each proves and what it does not. */
export function verifyTxt(facts: VerifyFacts): string {
  const signerCa = facts.signerRoots ?? 'SIGNER-CA.pem';
  const authorityCa = facts.authorityRoots ?? 'TSA-CA.pem';
  return [
    ...(facts.sample ? ['SAMPLE — NOT EVIDENCE', ''] : []),
    `How to verify ${facts.name}.zip without Keywitness`,
    '',
    'Unpack the zip into an empty folder and run the commands there. Tools: openssl 1.1.1 or newer, sha256sum or shasum.',
    '  Linux    both are there, or: apt install openssl coreutils',
    '  macOS    brew install openssl coreutils   (the openssl that macOS brings lacks "cms")',
    '  Windows  winget install ShiningLight.OpenSSL.Light   and use Git Bash, or certutil as below',
    ...(facts.signerRoots
      ? []
      : [
          '',
          "SIGNER-CA.pem below: the certificate of the authority that issued the signer's certificate. Ask the signer for it.",
        ]),
    ...(facts.authorityRoots
      ? []
      : ["TSA-CA.pem below: the certificate of the timestamp authority's root, from its web site."]),
    '',
    '1. No file is changed, missing or added (each prints OK)',
    '',
    '   sha256sum -c --quiet manifest-sha256.txt && sha256sum -c --quiet tagmanifest-sha256.txt && echo all files OK',
    '   macOS:   shasum -a 256 -c manifest-sha256.txt',
    '   Windows: certutil -hashfile data\\report.pdf SHA256   (one file; compare with manifest-sha256.txt)',
    '',
    '   This alone proves nothing: who changes a file can change the list. Step 2 ties the list to the signature.',
    '',
    '2. The list is the one that was signed',
    '',
    '   openssl dgst -sha256 -binary manifest-sha256.txt | openssl base64 -A',
    '   The text it prints must stand in META-INF/ASiCManifest001.xml:',
    '   grep -F "$(openssl dgst -sha256 -binary manifest-sha256.txt | openssl base64 -A)" META-INF/ASiCManifest001.xml',
    '',
    '3. Who signed',
    '',
    '   openssl cms -verify -cades -binary -inform DER -in META-INF/signature001.p7s -content META-INF/ASiCManifest001.xml' +
      ` -CAfile ${signerCa} -purpose any -out /dev/null`,
    '',
    `   The signer's certificate: ${facts.signer.subject}`,
    `   SHA-256 ${facts.signer.sha256}`,
    '   The fingerprint counts only when you got it from the signer by another way than this pack.',
    '',
    '4. Since when (if META-INF/timestamp001.tst is there; without it the pack is signed, its time is pending)',
    '',
    '   openssl ts -verify -token_in -in META-INF/timestamp001.tst -data META-INF/ASiCArchiveManifest.xml' +
      ` -CAfile ${authorityCa}`,
    '   openssl ts -reply -token_in -in META-INF/timestamp001.tst -text | grep "Time stamp"',
    '   grep -F "$(openssl dgst -sha256 -binary META-INF/ASiCManifest001.xml | openssl base64 -A)" META-INF/ASiCArchiveManifest.xml',
    '',
    '5. The report',
    '',
    `   pdfsig ${facts.name}.pdf   (Debian: apt install poppler-utils; macOS: brew install poppler), or any PDF reader.`,
    '   pdfsig must print "Signature is Valid"; do not go by its exit code.',
    '',
    '6. The ledger is one unbroken chain: each line names the SHA-256 of the line before it',
    '',
    '   Any line:  sed -n 7p data/ledger/entries.jsonl | tr -d \'\\n\' | sha256sum   must be "prev" in line 8.',
    '   A response as received: offset and length are in data/ledger/bodies.csv; its SHA-256 is in data/ledger/salts.jsonl',
    '   (field "body"), and SHA-256(salt, value) is in its line of entries.jsonl under "sealed".',
    '',
    'What this proves: nothing changed since the timestamp; the signer held the key; everything in the pack hangs together.',
    'What it does not prove: that the providers told the truth, that every event was delivered to the logs, that nothing used',
    'a data key cached outside, or that the collecting computer was sound at the time.',
    '',
  ].join('\n');
}
