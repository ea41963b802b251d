import { importedAnswers } from '../providers/azure/normalise/az-files.ts';
import { derivedRemedy, effectOf } from '../providers/azure/normalise/effects.ts';
import { KEY_OPERATIONS } from '../providers/azure/normalise/key-operations.ts';
import { normaliseAzure, type NormalisedAzure } from '../providers/azure/normalise/normalise.ts';
import { answerStatus } from '../providers/azure/normalise/outcome.ts';
import { parseAzureBody, vaultErrorMessage } from '../providers/azure/normalise/wire.ts';
import { NOTE_REMEDIES } from '../providers/azure/note-remedies.ts';
import { text } from '../providers/aws/normalise/wire.ts';
import { AZURE_CLOUDS, isVaultHost } from '../providers/azure/clouds.ts';
import { parseKid } from '../providers/azure/normalise/keys.ts';
import { azureAccess } from './azure/access.ts';
import { azureSettingChanges, isAzureChange } from './azure/setting-changes.ts';
import type { Derivation } from './derivation.ts';

/** Questions that are judged with the other questions of their key. */
const KEY_ACTIONS = new Set([...KEY_OPERATIONS.map((o) => o.action), 'ListVaultKeyVersions']);

const isAzureVault = (host: string): boolean =>
  Object.values(AZURE_CLOUDS).some((cloud) => isVaultHost(cloud, host));

/** What answers of Azure mean. */
export const azureDerivation: Derivation<NormalisedAzure> = {
  provider: 'azure',
  keyOperations: KEY_OPERATIONS,
  listKeys: 'azure.vaults.ListVaultKeys',
  answerStatus,
  errorName: (code) => code,
  parseBody: parseAzureBody,
  errorMessage: vaultErrorMessage,
  keyOfQuestion(answer) {
    const key = text(answer.params().key);
    return KEY_ACTIONS.has(answer.action) ? key : null;
  },
  subjectOf(answer) {
    const { key, resource, table, blob, workspace, filter } = answer.params();
    return (
      [blob, key, table, resource, workspace, filter].map((value) => text(value)).find((v) => v !== null) ??
      ''
    );
  },
  effectOf,
  remedyOf: derivedRemedy,
  noteRemedies: NOTE_REMEDIES,
  importedAnswers,
  normalise: normaliseAzure,
  access: azureAccess,
  placeOfKey(id) {
    const kid = parseKid(id);
    if (!kid || !isAzureVault(kid.host)) return null;
    // The subscription is not in the address: the event that names the key tells it.
    return { account: '', region: kid.host.split('.')[0]!, nativeId: kid.name };
  },
  keyEvents: { created: ['KeyCreate', 'KeyImport'], deleted: ['KeyPurge'] },
  ownsChange: isAzureChange,
  settingChanges: azureSettingChanges,
};
