import type { Command } from 'commander';
import { currentEngagement } from '../engagement/current.ts';
import { declare } from '../engagement/declarations.ts';
import type { VaultLogin } from '../engagement/vault-source.ts';
import { withEngagement } from '../engine/with-engagement.ts';
import { operatorNamed, type CliContext } from './context.ts';

interface VaultOptions {
  engagement: string;
  id: string;
  title?: string;
  address: string;
  namespace?: string;
  namespaces?: string;
  mounts?: string;
  caFile?: string;
  approle?: string;
  userpass?: string;
  oidc?: true | string;
  authMount?: string;
  kvMetadata: boolean;
  auditLog?: string[];
  find?: string[];
  operator?: string;
}

/** `source add vault`. */
export function addVault(add: Command, context: CliContext): void {
  add
    .command('vault')
    .description('a HashiCorp Vault or OpenBao cluster, read with a token of your own')
    .requiredOption('--engagement <file>', 'engagement file')
    .requiredOption('--id <id>', 'short name, for example vault-production')
    .requiredOption('--address <url>', 'https://vault.example:8200, of the active node or a load balancer')
    .option('--title <text>', 'name as it shall stand in the pack')
    .option('--namespace <path>', 'namespace to sign in to and to begin from; root without it')
    .option('--namespaces <list>', 'namespaces to collect, comma separated; all below the first without it')
    .option('--mounts <list>', 'mounts to collect, comma separated; all without it')
    .option('--ca-file <file>', 'certificate authority (PEM) behind the server’s certificate')
    .option(
      '--approle <role-id>',
      'sign in with AppRole; the secret id is asked, or read from VAULT_SECRET_ID',
    )
    .option('--userpass <name>', 'sign in with a password; it is asked, or read from VAULT_PASSWORD')
    .option('--oidc [role]', 'sign in with the browser')
    .option('--auth-mount <path>', 'mount of the auth method, where it is not called like its type')
    .option('--no-kv-metadata', 'do not read names and version dates of KV secrets')
    .option(
      '--audit-log <[device=]path...>',
      'files or folders of an audit device as the client gave them, for example file=./audit',
    )
    .option(
      '--find <label[=hmac-sha256:…]...>',
      'values to find in audit logs, by what they are, for example "accessor of ci": each is asked while collecting and hashed by the server (sys/audit-hash), or its hash is given here',
    )
    .option('--operator <name>', 'your name')
    .addHelpText(
      'after',
      '\nWithout another way to sign in a token is asked, or read from VAULT_TOKEN. It is stored nowhere.',
    )
    .action(async (options: VaultOptions) => {
      await withEngagement(options.engagement, async ({ db, writer }) => {
        await declare(writer, operatorNamed(options.operator), 'source', options.id, {
          provider: 'vault',
          id: options.id,
          title: options.title ?? options.id,
          address: options.address.replace(/\/$/, ''),
          sample: currentEngagement(db).sample,
          namespace: options.namespace ? bare(options.namespace) : null,
          namespaces: listOf(options.namespaces),
          mounts: listOf(options.mounts),
          caFile: options.caFile ?? null,
          login: loginOf(options),
          kvMetadata: options.kvMetadata,
          auditLogs: auditLogsOf(options.auditLog ?? []),
          ...(options.find && { sought: options.find.map(soughtOf) }),
        });
        context.output.line(`Added ${options.id} to the engagement for ${currentEngagement(db).client}.`);
        context.output.object({ source: options.id });
      });
    });
}

function loginOf({ approle, userpass, oidc, authMount }: VaultOptions): VaultLogin {
  if ([approle, userpass, oidc].filter(Boolean).length > 1) {
    throw new Error('cannot add the source: give only one of --approle, --userpass and --oidc.');
  }
  const mount = (type: string): string => bare(authMount ?? type);
  if (approle) return { from: 'approle', mount: mount('approle'), roleId: approle };
  if (userpass) return { from: 'userpass', mount: mount('userpass'), username: userpass };
  if (oidc) return { from: 'oidc', mount: mount('oidc'), role: oidc === true ? null : oidc };
  return { from: 'token' };
}

/** `file=./audit` → the device `file/`; a path alone is of a device that is not known. */
function auditLogsOf(given: readonly string[]): { device: string | null; paths: string[] }[] {
  const byDevice = new Map<string | null, string[]>();
  for (const text of given) {
    const named = /^([A-Za-z0-9_-]+\/?)=(.+)$/.exec(text);
    const device = named ? `${bare(named[1]!)}/` : null;
    byDevice.set(device, [...(byDevice.get(device) ?? []), named ? named[2]! : text]);
  }
  return [...byDevice].map(([device, paths]) => ({ device, paths }));
}

/** `accessor of ci=hmac-sha256:…` → a label with the hash that somebody made; a label alone is asked for. */
function soughtOf(text: string): { label: string; hash: string | null } {
  const given = /^(.*)=(hmac-sha256:[0-9a-f]{64})$/.exec(text);
  return given ? { label: given[1]!, hash: given[2]! } : { label: text, hash: null };
}

function listOf(text: string | undefined): string[] | null {
  return text === undefined ? null : text.split(',').map((part) => bare(part.trim()));
}

/** Paths are written without slashes at their ends. */
function bare(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
