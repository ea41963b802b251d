import { evaluateAwsAccess } from '../access/aws/access-paths.ts';
import { parseArn } from '../providers/aws/normalise/arn.ts';
import { settingChanges } from '../providers/aws/normalise/change-events.ts';
import { identityCenterRemedy } from '../providers/aws/identity-center-remedy.ts';
import { permissionRefused } from '../providers/aws/permission-refused.ts';
import { importedAnswers } from '../providers/aws/normalise/cli-files.ts';
import { effectOf, permissionOf } from '../providers/aws/normalise/effects.ts';
import { errorMessage } from '../providers/aws/normalise/error-message.ts';
import { KEY_OPERATIONS } from '../providers/aws/normalise/key-operations.ts';
import { normaliseAws } from '../providers/aws/normalise/normalise.ts';
import { answerStatus, errorName } from '../providers/aws/normalise/outcome.ts';
import { parseBody } from '../providers/aws/normalise/wire.ts';
import { accessFactsOf } from './access-facts-of.ts';
import { accessSources } from './access-input.ts';
import { actionOf } from './answer.ts';
import type { Derivation } from './derivation.ts';

const KEY_ACTIONS = new Set(KEY_OPERATIONS.map((o) => o.action));

/** What answers of AWS mean. */
export const awsDerivation: Derivation<{ policies: ReadonlyMap<number, string> }> = {
  provider: 'aws',
  keyOperations: KEY_OPERATIONS,
  listKeys: 'aws.kms.ListKeys',
  answerStatus,
  errorName,
  parseBody,
  errorMessage,
  keyOfQuestion(answer) {
    const { KeyId } = answer.params();
    return KEY_ACTIONS.has(answer.action) && typeof KeyId === 'string' ? KeyId : null;
  },
  subjectOf(answer) {
    const { KeyId, TrailName, Name, Key, Bucket, Rule, ...center } = answer.params();
    const { PermissionSetArn, GroupId, UserId, AccountId } = center;
    const inCenter = [PermissionSetArn, GroupId, UserId, AccountId];
    const named = [KeyId, TrailName, Name, Key, Bucket, Rule, ...inCenter].find(
      (value) => typeof value === 'string',
    );
    return named ?? '';
  },
  effectOf: (op) => effectOf(actionOf(op)),
  remedyOf: (op, reason, _code, message) =>
    identityCenterRemedy(op, reason === 'denied') ??
    (reason === 'denied'
      ? `Allow ${permissionRefused(message) ?? permissionOf(op)} to the collecting identity (\`keywitness policy aws\` prints the policy; a key policy or bucket policy may refuse it too), then collect again.`
      : null),
  importedAnswers,
  normalise: normaliseAws,
  access(db, snapshot, { policies }) {
    const sources = accessSources(db, snapshot, policies);
    if (sources.keys.length === 0) return null;
    const { chunks } = evaluateAwsAccess({ keys: sources.keys, accounts: sources.accounts });
    return { chunks, facts: () => accessFactsOf(sources), cites: sources.cites };
  },
  placeOfKey(id) {
    const parts = parseArn(id);
    if (!parts?.resource.startsWith('key/')) return null;
    const { account, region, resource } = parts;
    return { account, region, nativeId: resource.slice('key/'.length) };
  },
  keyEvents: { created: ['CreateKey'], deleted: ['DeleteKey'] },
  ownsChange: ({ eventSource }) => eventSource.endsWith('.amazonaws.com'),
  settingChanges,
};
