import { useState } from 'react';
import { saveSettings, useOpenEngagement, useSettings } from '../client/session.ts';
import { listed, type SignerDraft } from './signer-draft.ts';

/** The draft of a screen, beginning with the signer last used. */
export function useSignerDraft(): [SignerDraft, (change: Partial<SignerDraft>) => void] {
  const { engagement } = useOpenEngagement();
  const settings = useSettings();
  const [draft, setDraft] = useState<SignerDraft>({
    kind: engagement.sample ? 'sample' : 'pkcs12',
    path: settings?.signerPath ?? '',
    place: '',
    certificate: '',
    root: settings?.signerRoots[0] ?? '',
    secret: '',
  });
  return [draft, (change) => setDraft((before) => ({ ...before, ...change }))];
}

/** Remembers the file signed with, for the next time; never its passphrase. */
export function rememberSigner(draft: SignerDraft): void {
  if (draft.kind !== 'pkcs12') return;
  void saveSettings({ signerPath: draft.path.trim(), signerRoots: listed(draft.root) });
}
