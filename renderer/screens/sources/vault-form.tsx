import type { VaultSource } from '../../../electron/engagement/vault-source.ts';
import { FileField } from '../../files/file-field.tsx';
import { CheckField, ChoiceField, TextField } from '../../ui/field.tsx';
import { namesIn } from '../../records/name-list.ts';
import type { ProviderForm, StepProps } from './provider-forms.tsx';
import { sourceId } from './source-words.ts';

type From = VaultSource['login']['from'];

export interface VaultDraft {
  provider: 'vault';
  title: string;
  address: string;
  sample: boolean;
  namespace: string;
  namespaces: string;
  mounts: string;
  caFile: string;
  from: From;
  mount: string;
  /** Role id, user name or OIDC role, by the way of signing in. */
  name: string;
  kvMetadata: boolean;
  /** One path of audit log files; further ones with lines. */
  logs: string;
  device: string;
}

const MOUNTS: Record<From, string> = { token: '', approle: 'approle', userpass: 'userpass', oidc: 'oidc' };
const trimmed = (path: string) => path.trim().replace(/^\/+|\/+$/g, '');
const orNull = (list: string[]) => (list.length === 0 ? null : list);

/** Why an address cannot be used; null when it can. */
function addressFault(address: string, sample: boolean): string | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return 'Give the address with its scheme and port, for example https://vault.example:8200.';
  }
  if (url.protocol === 'https:' || (sample && url.protocol === 'http:')) return null;
  return 'The address must begin with https://: a token must not travel in the clear.';
}

export const vaultForm: ProviderForm<VaultDraft> = {
  provider: 'vault',
  label: 'HashiCorp Vault or OpenBao',
  detail: 'Transit keys and their versions, KV metadata, policies, auth roles, audit devices and their logs.',
  start: () => ({
    provider: 'vault',
    title: '',
    address: '',
    sample: false,
    namespace: '',
    namespaces: '',
    mounts: '',
    caFile: '',
    from: 'token',
    mount: '',
    name: '',
    kvMetadata: true,
    logs: '',
    device: '',
  }),
  draftOf: (source) => {
    const vault = source as VaultSource;
    const { login } = vault;
    return {
      provider: 'vault',
      title: vault.title,
      address: vault.address,
      sample: vault.sample,
      namespace: vault.namespace ?? '',
      namespaces: vault.namespaces?.join(', ') ?? '',
      mounts: vault.mounts?.join(', ') ?? '',
      caFile: vault.caFile ?? '',
      from: login.from,
      mount: 'mount' in login ? login.mount : '',
      name:
        login.from === 'approle'
          ? login.roleId
          : login.from === 'userpass'
            ? login.username
            : login.from === 'oidc'
              ? (login.role ?? '')
              : '',
      kvMetadata: vault.kvMetadata,
      logs: vault.auditLogs.flatMap((log) => log.paths).join(', '),
      device: vault.auditLogs[0]?.device ?? '',
    };
  },
  faults: (draft) => {
    const address = addressFault(draft.address.trim(), draft.sample);
    return [
      draft.title.trim() === '' ? { title: 'Give the source a name.' } : {},
      {
        ...(address === null ? {} : { address }),
        ...((draft.from === 'approle' || draft.from === 'userpass') && draft.name.trim() === ''
          ? { name: draft.from === 'approle' ? 'Give the role id.' : 'Give the user name.' }
          : {}),
      },
      {},
    ];
  },
  build: (draft, id, taken) => ({
    provider: 'vault',
    id: id ?? sourceId(draft.title, taken),
    title: draft.title.trim(),
    address: originOf(draft.address),
    sample: draft.sample,
    namespace: trimmed(draft.namespace) || null,
    namespaces: orNull(namesIn(draft.namespaces).map(trimmed)),
    mounts: orNull(namesIn(draft.mounts).map(trimmed)),
    caFile: draft.caFile.trim() || null,
    login: loginOf(draft),
    kvMetadata: draft.kvMetadata,
    auditLogs:
      namesIn(draft.logs).length === 0
        ? []
        : [{ device: draft.device.trim() || null, paths: namesIn(draft.logs) }],
  }),
  Credentials: VaultCredentials,
  Scope: VaultScope,
};

/** Scheme, host and port of an address; as it is when it is none. */
function originOf(address: string): string {
  try {
    return new URL(address.trim()).origin;
  } catch {
    return address.trim();
  }
}

function loginOf({ from, mount, name }: VaultDraft): VaultSource['login'] {
  const at = trimmed(mount) || MOUNTS[from];
  switch (from) {
    case 'token':
      return { from };
    case 'approle':
      return { from, mount: at, roleId: name.trim() };
    case 'userpass':
      return { from, mount: at, username: name.trim() };
    case 'oidc':
      return { from, mount: at, role: name.trim() || null };
  }
}

const NAMES: Record<From, string> = { token: '', approle: 'Role id', userpass: 'User name', oidc: 'Role' };

function VaultCredentials({ draft, onDraft, faults }: StepProps<VaultDraft>) {
  return (
    <div className="stack">
      <div className="form-grid">
        <TextField
          label="Address"
          mono
          placeholder="https://vault.example:8200"
          value={draft.address}
          onText={(address) => onDraft({ ...draft, address })}
          error={faults.address ?? null}
        />
        <TextField
          label="Namespace"
          hint="Where to sign in; empty for the root namespace."
          mono
          value={draft.namespace}
          onText={(namespace) => onDraft({ ...draft, namespace })}
        />
      </div>
      <ChoiceField<From>
        label="How to sign in"
        value={draft.from}
        onChoice={(from) => onDraft({ ...draft, from })}
        choices={[
          { value: 'token', label: 'A token', detail: 'Read from VAULT_TOKEN and stored nowhere.' },
          { value: 'approle', label: 'AppRole', detail: 'The secret id is read from VAULT_SECRET_ID.' },
          {
            value: 'userpass',
            label: 'User name and password',
            detail: 'The password is read from VAULT_PASSWORD.',
          },
          {
            value: 'oidc',
            label: 'In the browser (OIDC)',
            detail: 'A sign-in page opens when the source is first asked.',
          },
        ]}
      />
      {draft.from !== 'token' && (
        <div className="form-grid">
          <TextField
            label={NAMES[draft.from]}
            hint={draft.from === 'oidc' ? 'May be left empty.' : undefined}
            mono
            value={draft.name}
            onText={(name) => onDraft({ ...draft, name })}
            error={faults.name ?? null}
          />
          <TextField
            label="Mount of the auth method"
            hint={`Empty for ${MOUNTS[draft.from]}.`}
            mono
            value={draft.mount}
            onText={(mount) => onDraft({ ...draft, mount })}
          />
        </div>
      )}
      <FileField
        label="Certificate authority of the server"
        hint="PEM. May be left empty when the machine trusts it already."
        value={draft.caFile}
        onPath={(caFile) => onDraft({ ...draft, caFile })}
        question={{ kind: 'open', title: 'Choose a certificate', extensions: ['pem', 'crt', 'cer'] }}
      />
    </div>
  );
}

function VaultScope({ draft, onDraft }: StepProps<VaultDraft>) {
  return (
    <div className="stack">
      <div className="form-grid">
        <TextField
          label="Namespaces"
          hint="In full, with commas; empty for the first one and all below it."
          mono
          value={draft.namespaces}
          onText={(namespaces) => onDraft({ ...draft, namespaces })}
        />
        <TextField
          label="Mounts of secrets engines"
          hint="With commas; empty for all."
          mono
          value={draft.mounts}
          onText={(mounts) => onDraft({ ...draft, mounts })}
        />
      </div>
      <CheckField
        label="Read metadata of KV secrets"
        hint="Names and dates of versions, never values."
        checked={draft.kvMetadata}
        onChecked={(kvMetadata) => onDraft({ ...draft, kvMetadata })}
      />
      <FileField
        label="Audit log files that the client gave"
        hint="A file or a folder; several with commas. They are marked as client-provided."
        value={draft.logs}
        onPath={(logs) => onDraft({ ...draft, logs })}
        question={{ kind: 'folder', title: 'Choose the folder of audit logs' }}
      />
      <TextField
        label="Audit device they are from"
        hint="As sys/audit names it, for example file/. May be left empty."
        mono
        value={draft.device}
        onText={(device) => onDraft({ ...draft, device })}
      />
    </div>
  );
}
