import type { Answer } from '../../collect/asker.ts';
import type { SourceRun } from '../../collect/source-run.ts';
import type { VaultSource } from '../../engagement/vault-source.ts';
import type { ConnectionTest, TestedPermission } from '../provider.ts';
import { ROOT, type VaultOutput } from './ask-vault.ts';
import { withOwnAuthority } from './collect-vault.ts';
import { permissionText, type VaultCapability } from './operation.ts';
import { sys } from './operations/index.ts';
import { policyRules, type PolicyRule } from './policy.ts';
import type { Prompter } from './secrets.ts';
import { signIn, type SignedIn } from './sign-in.ts';

const LABEL = 'connection-test';

/**
 * Tries a source: reads mounts and auth methods, then asks sys/capabilities-self about every path a collection needs.
 * That is one call where trying them would take hundreds, and its answer comes from the server's own policy engine.
 *
 * @throws CollectError CREDENTIALS, UNAVAILABLE
 */
export async function testVault(
  run: SourceRun<VaultSource>,
  prompter: Prompter | null,
): Promise<ConnectionTest> {
  return withOwnAuthority(run, async (own) => {
    const signedIn = await signIn(own, prompter);
    const namespace = own.source.namespace ?? '';
    const rules = await neededRules(signedIn, own.source, namespace);
    return {
      account: signedIn.cluster,
      arn: signedIn.caller.arn,
      region: namespace === '' ? ROOT : namespace,
      permissions: await tested(signedIn, namespace, rules),
    };
  });
}

/** What the policy would allow, for the mounts and auth methods that there are. */
async function neededRules({ ask }: SignedIn, source: VaultSource, namespace: string): Promise<PolicyRule[]> {
  const [mounts, methods] = await Promise.all([
    ask(sys.mounts, { namespace, path: 'sys/mounts', label: LABEL }),
    ask(sys.authMethods, { namespace, path: 'sys/auth', label: LABEL }),
  ]);
  return policyRules({
    cluster: source.namespace === null,
    auditHash: source.sought?.some(({ hash }) => hash === null) ?? false,
    kvMetadata: source.kvMetadata,
    mounts: typesIn(mounts).filter(({ path }) => source.mounts === null || source.mounts.includes(path)),
    auth: typesIn(methods),
  });
}

function typesIn(answer: Answer<VaultOutput>): { path: string; type: string; version: string | null }[] {
  if (!answer.ok) return [];
  return Object.entries(answer.output.data ?? {}).flatMap(([path, value]) => {
    const { type, options } = (value ?? {}) as { type?: unknown; options?: { version?: unknown } | null };
    if (typeof type !== 'string') return [];
    const version = options?.version;
    return [
      {
        path: path.replace(/\/$/, ''),
        type,
        version: typeof version === 'string' || typeof version === 'number' ? String(version) : null,
      },
    ];
  });
}

async function tested(
  { ask }: SignedIn,
  namespace: string,
  rules: readonly PolicyRule[],
): Promise<TestedPermission[]> {
  const paths = rules.map(tryable);
  const answer = await ask(sys.capabilitiesSelf, {
    ...{ namespace, path: 'sys/capabilities-self', label: LABEL },
    body: { paths },
  });
  const given = answer.ok ? (answer.output.data ?? {}) : {};
  return rules.map((rule, i): TestedPermission => {
    const base = { op: rule.op, permissions: [permissionText(rule.path, rule.capabilities)] };
    const held = given[paths[i]!];
    if (!Array.isArray(held)) {
      const message = answer.ok ? 'sys/capabilities-self did not say' : answer.message;
      return { ...base, status: 'unknown', code: answer.ok ? null : answer.code, message };
    }
    const missing = rule.capabilities.filter((capability) => !holds(held, capability));
    if (missing.length === 0) return { ...base, status: 'ok', code: null, message: null };
    const message = `the token lacks ${missing.join(', ')} on ${rule.path}`;
    return { ...base, status: 'denied', code: 'PermissionDenied', message };
  });
}

function holds(held: readonly unknown[], capability: VaultCapability): boolean {
  return held.includes('root') || held.includes(capability);
}

/** A path that stands for all that a pattern matches, as it is asked: a list with a slash at its end. */
function tryable({ path: pattern, capabilities }: PolicyRule): string {
  const path = pattern
    .split('/')
    .map((part) => (part === '+' || part === '*' ? 'keywitness-any' : part))
    .join('/');
  return capabilities.every((one) => one === 'list') && !path.endsWith('/') ? `${path}/` : path;
}
