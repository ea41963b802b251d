import { Refusal } from '../engine/service/refusal.ts';

/** Hosts whose pages may be opened in the machine's own browser: documentation and the providers' consoles. */
const HOSTS = [
  'docs.aws.amazon.com',
  'aws.amazon.com',
  'console.aws.amazon.com',
  'learn.microsoft.com',
  'portal.azure.com',
  'developer.hashicorp.com',
  'openbao.org',
  'www.rfc-editor.org',
  'www.aicpa-cima.com',
  'csrc.nist.gov',
];

/** The address, if it may be opened outside. @throws Refusal FORBIDDEN */
export function allowedLink(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  const plain = url?.protocol === 'https:' && url.port === '' && url.username === '' && url.password === '';
  if (url && plain && HOSTS.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))) {
    return url;
  }
  throw new Refusal(
    'refused',
    'FORBIDDEN',
    'cannot open that page: only documentation and consoles of the providers are opened. Copy the address instead.',
  );
}
