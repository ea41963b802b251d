import type { Command } from 'commander';
import { openReadable } from '../../db/open.ts';
import { knownEngines } from '../providers/vault/known-engines.ts';
import { vaultPolicy } from '../providers/vault/policy.ts';
import type { Output } from './output.ts';

interface PolicyOptions {
  transit?: string[];
  kv?: string[];
  auth?: string[];
  namespace?: string[];
  engagement?: string;
  source?: string;
  cluster: boolean;
  kvMetadata: boolean;
  auditHash?: true;
}

/** `policy vault`: the least privilege that a collection needs, to copy. */
export function addVaultPolicy(policy: Command, output: Output): void {
  policy
    .command('vault')
    .description('ACL policy with exactly what a collection reads, and a denial of any use of keys')
    .option('--transit <mount...>', 'transit engines; any mount of one segment without it')
    .option('--kv <mount...>', 'KV version 2 engines')
    .option('--auth <mount=type...>', 'auth methods, for example approle=approle team=userpass')
    .option('--namespace <path...>', 'namespaces below, for a token that reads them too')
    .option('--engagement <file>', 'take engines and auth methods from what was collected or tested before')
    .option('--source <id>', 'of this source')
    .option('--no-cluster', 'leave out what only the root namespace has: audit devices, seal, barrier key')
    .option('--no-kv-metadata', 'leave out names and version dates of KV secrets')
    .option('--audit-hash', 'also hash values that are to be found in audit logs (source add vault --find)')
    .action((options: PolicyOptions) => {
      const known = options.engagement ? fromEngagement(options.engagement, options.source) : null;
      const named = [
        ...(options.transit ?? []).map((path) => ({ path, type: 'transit' })),
        ...(options.kv ?? []).map((path) => ({ path, type: 'kv', version: '2' })),
      ];
      const methods = options.auth?.map(method);
      const hcl = vaultPolicy({
        cluster: options.cluster,
        kvMetadata: options.kvMetadata,
        auditHash: options.auditHash ?? false,
        mounts: named.length > 0 ? named : (known?.mounts ?? null),
        auth: methods ?? known?.auth ?? null,
        namespaces: options.namespace ?? known?.namespaces ?? [],
      });
      output.line(hcl.trimEnd());
      output.object({ policy: hcl });
    });
}

function fromEngagement(file: string, source: string | undefined) {
  const db = openReadable(file);
  try {
    return knownEngines(db, source ?? null);
  } finally {
    db.close();
  }
}

function method(text: string): { path: string; type: string } {
  const [path = '', type = path] = text.split('=');
  return { path, type };
}
