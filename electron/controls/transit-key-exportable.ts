import type { KeyRow } from '../../db/derived/keys.ts';
import { both, exception, notApplicable, pass, undetermined, type Answers, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { keySettings } from './key-settings.ts';
import { livedInPeriod, testKeys } from './test-keys.ts';

const ID = 'transit-key-exportable';

/** Key material cannot leave the transit engine. */
export const transitKeyExportable: Control = {
  id: ID,
  title: 'Transit keys cannot be exported or backed up in plaintext',
  finding: 'protection',
  criteria: ['CC6.1'],
  question: 'May the material of the key leave the transit engine, by export or by a plaintext backup?',
  method:
    'Read exportable and allow_plaintext_backup of each transit key. Vault lets nobody switch either off again, so a key that has neither at collection never had them.',
  permissions: ['transit/keys/+ [read]'],
  remediation:
    'Make a new key without them, rewrap or re-sign what the old one protects, and delete the old one.',
  standards: [{ name: 'NIST SP 800-57 Part 1', version: 'Rev. 5', ref: '6.2.2' }],
  appliesTo: 'transit keys of Vault and OpenBao',
  test: (context) => testKeys(context, ID, (key) => test(context, key)),
};

function test(context: ControlContext, key: KeyRow): Answers {
  const cites = key.seq === null ? [] : [key.seq];
  if (key.provider !== 'vault')
    return both(notApplicable('Only transit keys of Vault have these settings.', cites));
  const settings = keySettings(context, key.id);
  const ways = [
    ...(settings.get('exportable') === true ? ['it is exportable'] : []),
    ...(settings.get('allow_plaintext_backup') === true ? ['a plaintext backup is allowed'] : []),
  ];
  const known = ['exportable', 'allow_plaintext_backup'].every(
    (name) => typeof settings.get(name) === 'boolean',
  );
  if (ways.length > 0) {
    const sentence = `The material of the key may leave the engine: ${ways.join(', and ')}.`;
    return {
      collection: exception(sentence, cites),
      period: livedInPeriod(context, key) ?? exception(`${sentence} It cannot be switched off again.`, cites),
    };
  }
  if (!known) return both(undetermined('The answer does not say whether the key may be exported.', cites));
  const safe = 'The key is neither exportable nor allowed to be backed up in plaintext';
  return {
    collection: pass(`${safe}.`, cites),
    period:
      livedInPeriod(context, key) ??
      pass(`${safe}, and it never was: neither can be switched off again.`, cites),
  };
}
