import type { Right, UseKind } from '../types.ts';
import type { AclRequest } from './acl.ts';
import type { VaultTransitKey } from './model.ts';

/** One thing that can be done to a transit key, and the request that does it (api-docs/secret/transit). */
export interface TransitAction {
  name: string;
  right: Right;
  /** Any one of these requests does it. */
  requests: (key: VaultTransitKey) => readonly AclRequest[];
  /** False: the key's own settings refuse it to everybody. */
  possible: (key: VaultTransitKey) => boolean;
}

const always = (): boolean => true;

function administer(
  name: string,
  capability: AclRequest['capability'],
  paths: (k: VaultTransitKey) => readonly string[],
  possible: TransitAction['possible'] = always,
): TransitAction {
  const requests = (key: VaultTransitKey): AclRequest[] =>
    paths(key).map((path) => ({ path: key.namespace + path, capability }));
  return { name, right: { class: 'administer' }, requests, possible };
}

function use(
  name: string,
  kind: UseKind,
  paths: (k: VaultTransitKey) => readonly string[],
  possible: TransitAction['possible'] = always,
): TransitAction {
  const requests = (key: VaultTransitKey): AclRequest[] =>
    paths(key).map((path) => ({ path: key.namespace + path, capability: 'update' }));
  return { name, right: { class: 'use', use: kind }, requests, possible };
}

const encrypts = (key: VaultTransitKey): boolean => key.supportsEncryption !== false;
const decrypts = (key: VaultTransitKey): boolean => key.supportsDecryption !== false;
const signs = (key: VaultTransitKey): boolean => key.supportsSigning !== false;
const own =
  (...tail: string[]) =>
  (k: VaultTransitKey): string[] =>
    tail.map((end) => `${k.mount}keys/${k.name}${end}`);

/** A mount-wide request reaches every key under the mount. Deletion is possible to whoever may set deletion_allowed first. */
export const TRANSIT_ACTIONS: readonly TransitAction[] = [
  administer('create', 'update', own('')),
  administer('import', 'update', own('/import', '/import_version')),
  administer('configure', 'update', own('/config')),
  administer('rotate', 'update', own('/rotate')),
  administer('trim', 'update', own('/trim')),
  administer('delete', 'delete', own('')),
  administer('soft-delete', 'delete', own('/soft-delete')),
  administer(
    'export',
    'read',
    ({ mount, name }) =>
      ['encryption-key', 'signing-key', 'hmac-key'].flatMap((kind) => [
        `${mount}export/${kind}/${name}`,
        `${mount}export/${kind}/${name}/latest`,
      ]),
    (key) => key.exportable !== false,
  ),
  administer(
    'backup',
    'read',
    ({ mount, name }) => [`${mount}backup/${name}`],
    (key) => key.allowPlaintextBackup !== false,
  ),
  administer('restore', 'update', ({ mount, name }) => [`${mount}restore/${name}`]),
  administer('mount-tune', 'update', ({ mount }) => [`sys/mounts/${mount}tune`]),
  administer('mount-disable', 'delete', ({ mount }) => [`sys/mounts/${mount.replace(/\/$/, '')}`]),
  use('encrypt', 'encrypt', ({ mount, name }) => [`${mount}encrypt/${name}`], encrypts),
  use('rewrap', 'encrypt', ({ mount, name }) => [`${mount}rewrap/${name}`], encrypts),
  use('decrypt', 'decrypt', ({ mount, name }) => [`${mount}decrypt/${name}`], decrypts),
  use(
    'datakey',
    'data-key',
    ({ mount, name }) => [`${mount}datakey/plaintext/${name}`, `${mount}datakey/wrapped/${name}`],
    encrypts,
  ),
  use('sign', 'sign', ({ mount, name }) => [`${mount}sign/${name}`, `${mount}sign/${name}/sha2-256`], signs),
  use('verify', 'verify', ({ mount, name }) => [`${mount}verify/${name}`, `${mount}verify/${name}/sha2-256`]),
  use('hmac', 'mac', ({ mount, name }) => [`${mount}hmac/${name}`, `${mount}hmac/${name}/sha2-256`]),
];
