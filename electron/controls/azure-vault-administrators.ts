import type { AccessFact } from './access-facts.ts';
import { ACTIVITY_LOG, azureVaults, placeId, vaultAccessAnswer } from './azure-vaults.ts';
import { evidenceRequired, results, type Answer, type Control, type Result } from './control.ts';
import type { ControlContext } from './context.ts';
import { factsText } from './test-access.ts';
import { throughout, type Held } from './throughout.ts';

const ID = 'azure-vault-administrators';
const ROLES =
  'Owner, User Access Administrator, Role Based Access Control Administrator or Key Vault Administrator';

/** Who is everything over a vault is known, and nobody is it all the time. */
export const azureVaultAdministrators: Control = {
  id: ID,
  title: 'Roles that are everything over a vault are not held standing',
  finding: 'access',
  criteria: ['CC6.1', 'CC6.3'],
  question: `Does any person hold ${ROLES} over vaults all the time, rather than for a time or after activation?`,
  method:
    'Read role assignments, eligibilities and activations with the names of their roles, and who is in the groups that hold them. What is given at or above a subscription is judged once for the subscription, what is given on a resource group or vault for each vault. A person or an outside application is an exception when it holds such a role standing; a group whose members could not be read leaves it undetermined. An eligibility, an activation, a condition, and a principal that no longer exists limit it: they are named. Where only applications hold such a role, the client shows why each is needed.',
  permissions: [
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
    'Microsoft.Authorization/roleEligibilityScheduleInstances/read',
    'Microsoft.Authorization/roleAssignmentScheduleInstances/read',
    'Directory.Read.All',
  ],
  remediation:
    'Give narrower roles on the vault, and the rest through Privileged Identity Management with approval.',
  standards: [{ name: 'CIS Microsoft Azure Foundations Benchmark', version: '2.0', ref: '1.23' }],
  appliesTo: 'Azure vaults and managed HSMs, and the subscriptions that hold them',
  test: function* (context) {
    const vaults = azureVaults(context);
    for (const account of [...new Set(vaults.map((vault) => vault.account))].sort()) {
      const first = vaults.find((vault) => vault.account === account)!;
      yield* judged(context, 'account', account, {
        ...{
          subject: account,
          account,
          seq: first.seq,
          name: `subscription ${account}`,
          settings: ['iam'],
          also: [],
        },
      });
    }
    for (const vault of vaults) {
      const { id, account, region, seq } = vault;
      yield* judged(context, 'place', placeId(vault), {
        ...{ subject: id, account, seq, name: region, settings: ['roles'] },
        also: [{ subject: account, settings: ['iam'], region: ACTIVITY_LOG }],
      });
    }
  },
};

interface Judged {
  subject: string;
  account: string;
  seq: number;
  name: string;
  settings: string[];
  also: NonNullable<Held['also']>;
}

function judged(
  context: ControlContext,
  kind: 'account' | 'place',
  id: string,
  { subject, account, seq, name, settings, also }: Judged,
): Result[] {
  const { people, limited, services } = context.access.vaultAdministrators;
  const of = (facts: ReadonlyMap<string, readonly AccessFact[]>) => facts.get(subject) ?? [];
  const where = kind === 'account' ? `at or above ${name}` : `on vault ${name} or its resource group`;
  const none = `no person held ${ROLES} standing ${where}`;
  const now = withOthers(
    vaultAccessAnswer(context, { account, seq }, of(people), {
      finding: `Roles that are everything over vaults, or can give it, are held standing ${where}`,
      none,
    }),
    of(services),
    of(limited),
  );
  const period = throughout(context, {
    ...{ subject, account, region: ACTIVITY_LOG, settings, also },
    ...{ created: null, now, what: none },
  });
  return results(ID, kind, id, { collection: now, period });
}

function withOthers(answer: Answer, services: readonly AccessFact[], limited: readonly AccessFact[]): Answer {
  const notes = [
    ...(limited.length === 0 ? [] : [`Limited: ${factsText(limited)}.`]),
    ...(services.length === 0 ? [] : [`Applications: ${factsText(services)}.`]),
  ];
  const reason = [answer.reason, ...notes].join(' ');
  if (answer.result === 'pass' && services.length > 0) {
    return evidenceRequired(`${reason} The client shows why each application needs it.`, answer.cites);
  }
  return { ...answer, reason };
}
