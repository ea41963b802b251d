import { azureLogStores, storeName } from './azure-log-stores.ts';
import { azureVaults, ACTIVITY_LOG, placeId } from './azure-vaults.ts';
import {
  evidenceRequired,
  exception,
  notApplicable,
  pass,
  results,
  type Answer,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { policyText } from './policy-text.ts';
import { throughout } from './throughout.ts';

const ID = 'azure-log-destination';

/** Records go where the client keeps its logs. */
export const azureLogDestination: Control = {
  id: ID,
  title: 'Records of key use in Azure go to an approved central destination',
  finding: 'logging',
  criteria: ['CC7.2'],
  question: 'Does a diagnostic setting send requests to a destination on the approved list?',
  method:
    'Compare the destinations of diagnostic settings that record requests with the approved log destinations: resource id, or the name of the workspace, storage account or event hub.',
  permissions: ['Microsoft.Insights/DiagnosticSettings/Read'],
  remediation:
    'Send the vault’s records to the central workspace, or add the destination to the approved list.',
  standards: [{ name: 'NIST SP 800-53', version: 'Rev. 5', ref: 'AU-9(2)' }],
  appliesTo: 'Azure vaults and managed HSMs',
  test: (context) =>
    azureVaults(context).flatMap((vault) => {
      const now = answerNow(context, vault);
      const period = throughout(context, {
        ...{ subject: vault.id, account: vault.account, region: ACTIVITY_LOG, settings: ['diagnostics'] },
        ...{ created: null, now, what: 'records went to an approved destination' },
      });
      return results(ID, 'place', placeId(vault), {
        collection: now,
        period: now.result === 'not-applicable' ? now : period,
      });
    }),
};

function answerNow(context: ControlContext, vault: { account: string; region: string; seq: number }): Answer {
  const { approvedLogDestinations: approved } = context.engagement.parameters;
  const stores = azureLogStores(context).filter(({ senders }) =>
    senders.some(({ account, region }) => account === vault.account && region === vault.region),
  );
  const cites = [vault.seq, ...stores.flatMap(({ seqs }) => seqs)];
  if (stores.length === 0)
    return notApplicable(
      'No diagnostic setting records requests to this vault: see azure-diagnostics.',
      cites,
    );
  const names = stores.map(storeName).join(' and ');
  if (approved.value.length === 0) {
    return evidenceRequired(
      `Records go to ${names}; the engagement records no approved log destinations. The client's list is required.`,
      cites,
    );
  }
  const wanted = new Set(approved.value.map((name) => name.toLowerCase().replace(/\/+$/, '')));
  const hit = stores.find(({ id }) => wanted.has(id) || wanted.has(id.split('/').at(-1)!));
  return hit
    ? pass(`Records go to ${storeName(hit)}, which is on the approved list (${policyText(approved)}).`, cites)
    : exception(
        `Records go to ${names}, which is not on the approved list (${policyText(approved)}).`,
        cites,
      );
}
