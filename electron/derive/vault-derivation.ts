import type { Answer } from './answer.ts';
import { actionOf } from './answer.ts';
import { vaultAccess } from './vault/access.ts';
import type { Derivation } from './derivation.ts';
import { settingChanges } from '../providers/vault/normalise/change-events.ts';
import { effectOf } from '../providers/vault/normalise/effects.ts';
import { errorMessage } from '../providers/vault/normalise/error-message.ts';
import { KEY_OPERATIONS } from '../providers/vault/normalise/key-operations.ts';
import { normaliseVault } from '../providers/vault/normalise/normalise.ts';
import { answerStatus } from '../providers/vault/normalise/outcome.ts';
import { placeOfKeyId } from '../providers/vault/normalise/place.ts';
import { pathOf, parseVaultBody } from '../providers/vault/normalise/wire.ts';
import { transit } from '../providers/vault/operations/index.ts';
import { vaultRemedy } from '../providers/vault/remedies.ts';

/** What answers of Vault and OpenBao mean. */
export const vaultDerivation: Derivation<{ capabilities: readonly Answer[] }> = {
  provider: 'vault',
  keyOperations: KEY_OPERATIONS,
  listKeys: transit.listKeys.id,
  answerStatus,
  errorName: (code) => code,
  parseBody: parseVaultBody,
  errorMessage,
  keyOfQuestion: (answer) => (answer.op === transit.readKey.id ? pathOf(answer) : null),
  subjectOf: pathOf,
  effectOf: (op) => effectOf(actionOf(op)),
  remedyOf: (op, _reason, code) => (code === null ? null : vaultRemedy(op, code)),
  noteRemedies: {
    'value-not-given':
      'Collect where the value can be asked, or give its hash with the source (--find label=hmac-sha256:…).',
    'log-files-not-read':
      'Name the files of every audit device, of every node, in the source (--audit-log device=path), then collect again.',
  },
  importedAnswers: () => [],
  normalise: normaliseVault,
  access: (db, snapshot, { capabilities }) => vaultAccess(db, snapshot, capabilities),
  placeOfKey: placeOfKeyId,
  keyEvents: { created: ['keys/create', 'keys/import'], deleted: ['keys/delete'] },
  ownsChange: ({ eventSource }) => eventSource === 'vault',
  settingChanges,
};
