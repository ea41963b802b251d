import { writeFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { readCertificate } from '../seal/certificate.ts';
import { createCsr, createSelfSigned } from '../seal/pki/csr.ts';
import type { SubjectName } from '../seal/pki/name.ts';
import { openKey } from '../seal/signers/open.ts';
import { parseSignerPlace, SIGNER_FORMS } from '../seal/signers/place.ts';
import { certificatePem, pem } from '../seal/trust.ts';
import type { Verb } from './context.ts';
import { withNetworkOptions } from './network.ts';
import { signingSecret } from './sealing.ts';

interface SubjectOptions {
  name: string;
  organization?: string;
  unit?: string;
  country?: string;
  out: string;
}

/** `signer csr` and `signer self-signed`: certificates for keys that come without one. */
export const signerVerb: Verb = (program, { output }) => {
  const signer = program
    .command('signer')
    .description('make a certificate request, or a certificate of its own, with a signing key');
  const withSubject = (name: string, description: string) =>
    withNetworkOptions(signer.command(name))
      .description(description)
      .argument('<signer>', SIGNER_FORMS)
      .requiredOption('--name <text>', 'who signs (common name)')
      .option('--organization <text>', 'organisation')
      .option('--unit <text>', 'organisational unit')
      .option('--country <code>', 'two letters, ISO 3166', country)
      .requiredOption('--out <file>', 'PEM file to write');

  withSubject('csr', 'certificate signing request (PKCS#10) for the CA that shall certify the key').action(
    async (place: string, options: SubjectOptions) => {
      const { key, close } = await openKey(parseSignerPlace(place), signingSecret);
      try {
        const request = await createCsr(key, subjectOf(options));
        writeFileSync(options.out, pem('CERTIFICATE REQUEST', request), { flag: 'wx' });
      } finally {
        close();
      }
      output.line(
        `Request ${options.out}, for ${key.description}. Have it signed, then use --signer-certificate.`,
      );
      output.object({ request: options.out, key: key.description });
    },
  );

  withSubject(
    'self-signed',
    'certificate that the key issues to itself; readers must compare its fingerprint',
  )
    .option('--years <number>', 'validity', years, 2)
    .action(async (place: string, options: SubjectOptions & { years: number }) => {
      const { key, close } = await openKey(parseSignerPlace(place), signingSecret);
      try {
        const notBefore = new Date();
        const notAfter = new Date(notBefore);
        notAfter.setUTCFullYear(notAfter.getUTCFullYear() + options.years);
        const der = await createSelfSigned(key, { subject: subjectOf(options), notBefore, notAfter });
        writeFileSync(options.out, certificatePem(der), { flag: 'wx' });
        const { fingerprint } = readCertificate(der);
        output.line(`Certificate ${options.out}, for ${key.description}, until ${notAfter.toISOString()}.`);
        output.line(`SHA-256 ${fingerprint}`);
        output.line('Give this fingerprint to readers by another way than the pack.');
        output.object({ certificate: options.out, key: key.description, sha256: fingerprint });
      } finally {
        close();
      }
    });
};

const subjectOf = ({ name, organization, unit, country: code }: SubjectOptions): SubjectName => ({
  commonName: name,
  ...(organization ? { organization } : {}),
  ...(unit ? { organizationalUnit: unit } : {}),
  ...(code ? { country: code } : {}),
});

function country(text: string): string {
  if (/^[A-Z]{2}$/.test(text)) return text;
  throw new InvalidArgumentError('two capital letters, for example CH');
}

function years(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 10) return number;
  throw new InvalidArgumentError('a whole number from 1 to 10');
}
