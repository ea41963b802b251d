import type { SettingChange } from '../../../derive/derivation.ts';
import type { LogChange } from '../../../derive/log-facts.ts';

/** What a change of a transit key sets, by the event's name. */
const KEY_EVENTS: Record<string, { setting: string; value: string | null }> = {
  'keys/delete': { setting: 'state', value: 'Deleted' },
  'keys/soft-delete': { setting: 'state', value: 'SoftDeleted' },
  'keys/soft-delete-restore': { setting: 'state', value: 'Enabled' },
  'keys/rotate': { setting: 'material', value: 'ON_DEMAND' },
  'keys/import': { setting: 'material', value: 'IMPORTED' },
  'keys/trim': { setting: 'material', value: 'TRIMMED' },
  'keys/restore': { setting: 'material', value: 'RESTORED' },
};

/** Members of a key's configuration that audit logs write in the clear: booleans and numbers. Strings are HMACs. */
const PROTECTIONS = ['exportable', 'allow_plaintext_backup', 'deletion_allowed'] as const;
const VERSIONS = ['min_decryption_version', 'min_encryption_version'] as const;

/** The settings that a logged request changed. A refused one changed none. */
export function settingChanges(change: LogChange): SettingChange[] {
  const { event, subject, error } = change;
  if (error !== null || subject === null) return [];
  const params = change.params ?? {};
  if (event.startsWith('keys/')) return keyChanges(event, subject, params);
  switch (event) {
    case 'audit/write':
      return [{ subject, setting: 'logging', value: 'on' }, ...cluster(change, 'audit devices')];
    case 'audit/delete':
      return [{ subject, setting: 'logging', value: 'off' }, ...cluster(change, 'audit devices')];
    case 'policy/write':
    case 'policy/delete':
    case 'auth/write':
    case 'auth/delete':
    case 'auth-role/write':
    case 'auth-role/delete':
    case 'identity/write':
    case 'identity/delete':
      return cluster(change, 'iam');
    case 'engine/write':
    case 'engine/delete':
      return cluster(change, 'engines');
    default:
      return [];
  }
}

function cluster({ account }: LogChange, setting: string): SettingChange[] {
  return [{ subject: account, setting, value: null }];
}

function keyChanges(event: string, subject: string, params: Record<string, unknown>): SettingChange[] {
  if (event === 'keys/create')
    return [{ subject, setting: 'state', value: 'Enabled' }, ...configured(subject, params)];
  if (event === 'keys/config') return configured(subject, params);
  const known = KEY_EVENTS[event];
  return known ? [{ subject, ...known }] : [];
}

function configured(subject: string, params: Record<string, unknown>): SettingChange[] {
  const changes: SettingChange[] = [];
  const period = params.auto_rotate_period;
  if (period !== undefined) {
    // A duration written as text is an HMAC: that it changed is all that is known.
    const seconds = typeof period === 'number' ? period : null;
    changes.push({
      subject,
      setting: 'rotation',
      value: seconds === null ? null : seconds > 0 ? 'on' : 'off',
    });
    if (seconds) {
      changes.push({ subject, setting: 'rotation-period', value: String(Math.ceil(seconds / 86_400)) });
    }
  }
  for (const name of PROTECTIONS) {
    const value = params[name];
    if (value !== undefined) {
      changes.push({ subject, setting: name, value: typeof value === 'boolean' ? String(value) : null });
    }
  }
  for (const name of VERSIONS) {
    const value = params[name];
    if (value !== undefined) {
      changes.push({ subject, setting: name, value: typeof value === 'number' ? String(value) : null });
    }
  }
  return changes;
}
