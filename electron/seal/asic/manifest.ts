import { checkImprint, type DigestAlgorithm, type Imprint } from '../digest.ts';
import { SealError } from '../error.ts';
import { escapeXml, parseXml, type XmlElement } from './xml.ts';

/** Names inside the container (ETSI EN 319 162-1 §4.4). */
export const ASIC = {
  mimeType: 'application/vnd.etsi.asic-e+zip',
  manifest: 'META-INF/ASiCManifest001.xml',
  signature: 'META-INF/signature001.p7s',
  archiveManifest: 'META-INF/ASiCArchiveManifest.xml',
  timestamp: 'META-INF/timestamp001.tst',
  evidenceManifest: 'META-INF/ASiCEvidenceRecordManifest001.xml',
  evidenceRecord: 'META-INF/evidencerecord001.ers',
} as const;

/** Name of an archive manifest: the newest has the fixed name, older ones are numbered (EN 319 162-1 §A.7). */
export const archiveName = (index: number, count: number): string =>
  index === count - 1 ? ASIC.archiveManifest : `META-INF/ASiCArchiveManifest${numbered(index)}.xml`;

/** Name of the token over the archive manifest of that index, counted from 0. */
export const tokenName = (index: number): string => `META-INF/timestamp${numbered(index)}.tst`;

const numbered = (index: number): string => String(index + 1).padStart(3, '0');

/** One file that a manifest covers. */
export interface ManifestEntry {
  /** Path in the container, as it is there (not percent-encoded). */
  readonly path: string;
  readonly mimeType: string | null;
  readonly imprint: Imprint;
  /** Marks the ASiCManifest itself inside an archive manifest (EN 319 162-1 §A.4). */
  readonly root?: boolean;
}

/** An ASiCManifest or ASiCArchiveManifest: what a signature or a time-stamp is over. */
export interface AsicManifest {
  /** Path of the signature or time-stamp file. */
  readonly seal: { readonly path: string; readonly mimeType: string | null };
  readonly entries: readonly ManifestEntry[];
}

const ASIC_NAMESPACE = 'http://uri.etsi.org/02918/v1.2.1#';
const DS_NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#';
const METHODS: Record<DigestAlgorithm, string> = {
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
};
const SEAL_TYPES: Record<string, string> = {
  p7s: 'application/pkcs7-signature',
  tst: 'application/vnd.etsi.timestamp-token',
};

/** The manifest that the operator signs: every file of the container before META-INF. */
export function writeAsicManifest(entries: readonly ManifestEntry[]): Uint8Array {
  return writeManifest({ seal: { path: ASIC.signature, mimeType: 'application/pkcs7-signature' }, entries });
}

/** XML in the order given. @throws SealError MALFORMED for a path that cannot be in a container or comes twice. */
export function writeManifest(manifest: AsicManifest): Uint8Array {
  checkPaths(manifest.entries.map((entry) => entry.path));
  const lines = manifest.entries.map(({ path, mimeType, imprint, root }) => {
    checkImprint(imprint);
    const type = mimeType === null ? '' : ` MimeType="${escapeXml(mimeType)}"`;
    return (
      `  <asic:DataObjectReference${type} URI="${escapeXml(toUri(path))}"${root ? ' Rootfile="true"' : ''}>\n` +
      `    <ds:DigestMethod Algorithm="${METHODS[imprint.algorithm]}"/>\n` +
      `    <ds:DigestValue>${Buffer.from(imprint.digest).toString('base64')}</ds:DigestValue>\n` +
      `  </asic:DataObjectReference>\n`
    );
  });
  const { path, mimeType } = manifest.seal;
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
      `<asic:ASiCManifest xmlns:asic="${ASIC_NAMESPACE}" xmlns:ds="${DS_NAMESPACE}">\n` +
      `  <asic:SigReference${mimeType === null ? '' : ` MimeType="${escapeXml(mimeType)}"`} URI="${escapeXml(toUri(path))}"/>\n` +
      `${lines.join('')}</asic:ASiCManifest>\n`,
    'utf8',
  );
}

const toUri = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/**
 * Reads a manifest, accepting only what the standard has and nothing more.
 *
 * @throws SealError MALFORMED or UNSUPPORTED (a digest algorithm that is not accepted).
 */
export function parseAsicManifest(bytes: Uint8Array, name: string): AsicManifest {
  const text = decodeUtf8(bytes, name);
  const root = parseXml(text, name);
  const stop = (reason: string): never => {
    throw new SealError('MALFORMED', `cannot read ${name}: ${reason}. The file is damaged or was altered`);
  };
  const is = (element: XmlElement, namespace: string, local: string): boolean =>
    element?.namespace === namespace && element.name === local;
  if (!is(root, ASIC_NAMESPACE, 'ASiCManifest')) return stop('it is no ASiC manifest');
  const [reference, ...objects] = root.children;
  if (!reference || !is(reference, ASIC_NAMESPACE, 'SigReference'))
    return stop('it does not name its signature first');
  const sealPath = fromUri(reference.attributes.get('URI'), stop);
  const entries = objects.map((element): ManifestEntry => {
    if (!is(element, ASIC_NAMESPACE, 'DataObjectReference'))
      return stop(`it has an unexpected element "${element.name}"`);
    const [method, value] = element.children;
    if (
      !method ||
      !value ||
      !is(method, DS_NAMESPACE, 'DigestMethod') ||
      !is(value, DS_NAMESPACE, 'DigestValue') ||
      element.children.length !== 2
    ) {
      return stop('a file has not exactly one digest');
    }
    const path = fromUri(element.attributes.get('URI'), stop);
    const imprint = { algorithm: algorithmOf(method, name), digest: fromBase64(value.text, stop) };
    checkImprint(imprint);
    const rootfile = element.attributes.get('Rootfile');
    const mimeType = element.attributes.get('MimeType') ?? null;
    return { path, mimeType, imprint, ...(rootfile === 'true' || rootfile === '1' ? { root: true } : {}) };
  });
  checkPaths(entries.map((entry) => entry.path));
  const mimeType =
    reference.attributes.get('MimeType') ??
    SEAL_TYPES[sealPath.slice(-3)] ??
    // An evidence record needs no type.
    (sealPath.endsWith('.ers') ? null : stop('its signature has no type'));
  return { seal: { path: sealPath, mimeType }, entries };
}

function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SealError(
      'MALFORMED',
      `cannot read ${name}: it is not UTF-8. The file is damaged or was altered`,
      { cause },
    );
  }
}

function algorithmOf(method: XmlElement, name: string): DigestAlgorithm {
  const uri = method.attributes.get('Algorithm');
  const found = (Object.keys(METHODS) as DigestAlgorithm[]).find((algorithm) => METHODS[algorithm] === uri);
  if (found) return found;
  throw new SealError(
    'UNSUPPORTED',
    `cannot check ${name}: its digest algorithm is not accepted. Use SHA-256, SHA-384 or SHA-512`,
  );
}

function fromBase64(text: string, stop: (reason: string) => never): Uint8Array {
  const compact = text.replace(/\s+/g, '');
  const bytes = Buffer.from(compact, 'base64');
  return bytes.toString('base64') === compact ? bytes : stop('a digest is not base64');
}

function fromUri(uri: string | undefined, stop: (reason: string) => never): string {
  try {
    return decodeURIComponent(uri ?? stop('a reference has no address'));
  } catch (error) {
    if (error instanceof SealError) throw error;
    return stop('an address is badly encoded');
  }
}

function checkPaths(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    const unsafe =
      path === '' || path.split('/').some((part) => part === '' || part === '.' || part === '..');
    // eslint-disable-next-line no-control-regex -- control characters and backslashes are what is looked for
    if (unsafe || /[\u0000-\u001f\\:]/.test(path)) {
      throw new SealError(
        'MALFORMED',
        `cannot use the manifest: ${JSON.stringify(path)} is no safe path in a container. The manifest was altered`,
      );
    }
    if (seen.has(path)) {
      throw new SealError(
        'MALFORMED',
        `cannot use the manifest: "${path}" appears twice. The manifest was altered`,
      );
    }
    seen.add(path);
  }
}
