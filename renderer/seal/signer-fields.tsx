import { useOpenEngagement } from '../client/session.ts';
import { FileField } from '../files/file-field.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import type { SignerDraft } from './signer-draft.ts';

const CERTIFICATES = ['pem', 'crt', 'cer', 'der'];

/** Who signs: a certificate file, or a key where it is. */
export function SignerFields({
  draft,
  onChange,
}: {
  draft: SignerDraft;
  onChange: (change: Partial<SignerDraft>) => void;
}) {
  const { engagement } = useOpenEngagement();
  return (
    <>
      <ChoiceField<SignerDraft['kind']>
        label="Signer"
        value={draft.kind}
        onChoice={(kind) => onChange({ kind, secret: '' })}
        choices={[
          ...(engagement.sample
            ? [
                {
                  value: 'sample' as const,
                  label: 'The sample signer',
                  detail: 'Made for the sample environment; nobody trusts it.',
                },
              ]
            : []),
          {
            value: 'pkcs12',
            label: 'A certificate file',
            detail: 'PKCS#12 (.p12, .pfx), as certificate authorities and IT departments hand out.',
          },
          {
            value: 'place',
            label: 'A key in a token, a cloud service or Vault',
            detail: 'The key stays there; only hashes are sent to it.',
          },
        ]}
      />
      {draft.kind === 'pkcs12' && (
        <>
          <FileField
            label="Certificate file"
            value={draft.path}
            onPath={(path) => onChange({ path })}
            question={{ kind: 'open', title: 'Choose a certificate file', extensions: ['p12', 'pfx'] }}
          />
          <TextField
            label="Passphrase"
            hint="Used for this and stored nowhere."
            type="password"
            autoComplete="off"
            value={draft.secret}
            onText={(secret) => onChange({ secret })}
          />
        </>
      )}
      {draft.kind === 'place' && (
        <>
          <TextField
            label="Where the key is"
            hint="aws-kms:alias/evidence?region=eu-west-1 · azure-key-vault:https://firm.vault.azure.net/keys/evidence · vault-transit:transit/evidence · pkcs11:token=LABEL;object=LABEL?module-path=/path/library.so"
            mono
            value={draft.place}
            onText={(place) => onChange({ place })}
          />
          <FileField
            label="Its certificate"
            hint="With those above it. Cloud services and Vault keep keys without one; a token has its own."
            value={draft.certificate}
            onPath={(certificate) => onChange({ certificate })}
            question={{ kind: 'open', title: 'Choose the certificate of the key', extensions: CERTIFICATES }}
          />
          <TextField
            label="PIN or token"
            hint="PIN of a PKCS#11 token, or a Vault token. Used for this and stored nowhere. Cloud services need none: they sign in as their command lines do."
            type="password"
            autoComplete="off"
            value={draft.secret}
            onText={(secret) => onChange({ secret })}
          />
        </>
      )}
      {draft.kind !== 'sample' && (
        <FileField
          label="Root of its authority"
          hint="May be left empty. It is put into the pack, for readers who need it."
          value={draft.root}
          onPath={(root) => onChange({ root })}
          question={{ kind: 'open', title: 'Choose a certificate', extensions: CERTIFICATES }}
        />
      )}
    </>
  );
}
