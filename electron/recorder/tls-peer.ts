import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

const known = new WeakMap<Socket, string | null>();

/** SHA-256 fingerprint of the TLS peer's certificate, lower-case hex; null without TLS. */
export function tlsPeerFingerprint(socket: Socket | null | undefined): string | null {
  if (!socket) return null;
  const seen = known.get(socket);
  if (seen !== undefined) return seen;
  const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined;
  // A resumed session may show an empty certificate object.
  const fingerprint = certificate?.fingerprint256?.replaceAll(':', '').toLowerCase() ?? null;
  known.set(socket, fingerprint);
  return fingerprint;
}
