import type { AzureSource } from '../../../electron/engagement/azure-source.ts';
import { FileField } from '../../files/file-field.tsx';
import { CheckField, ChoiceField, TextField } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select.tsx';
import { namesIn } from '../../records/name-list.ts';
import type { ProviderForm, StepProps } from './provider-forms.tsx';
import { sourceId } from './source-words.ts';

type From = AzureSource['credentials']['from'];

export interface AzureDraft {
  provider: 'azure';
  title: string;
  tenant: string;
  cloud: AzureSource['cloud'];
  from: From;
  clientId: string;
  path: string;
  /** Every subscription that can be read, or those in `subscriptions`. */
  every: boolean;
  subscriptions: string;
  readLogs: boolean;
  readDirectory: boolean;
  sampleEndpoint: string | null;
  sampleCa: string | null;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const needsClient = (from: From) => from === 'client-secret' || from === 'client-certificate';

export const azureForm: ProviderForm<AzureDraft> = {
  provider: 'azure',
  label: 'Azure',
  detail: 'Key Vault keys and rotation policies, roles and access policies, diagnostic settings and logs.',
  start: () => ({
    provider: 'azure',
    title: '',
    tenant: '',
    cloud: 'public',
    from: 'azure-cli',
    clientId: '',
    path: '',
    every: true,
    subscriptions: '',
    readLogs: true,
    readDirectory: true,
    sampleEndpoint: null,
    sampleCa: null,
  }),
  draftOf: (source) => {
    const azure = source as AzureSource;
    const { credentials } = azure;
    return {
      provider: 'azure',
      title: azure.title,
      tenant: azure.tenant,
      cloud: azure.cloud,
      from: credentials.from,
      clientId: 'clientId' in credentials ? (credentials.clientId ?? '') : '',
      path: 'path' in credentials ? credentials.path : '',
      every: azure.subscriptions === null,
      subscriptions: azure.subscriptions?.join(', ') ?? '',
      readLogs: azure.readLogs,
      readDirectory: azure.readDirectory ?? true,
      sampleEndpoint: azure.sampleEndpoint,
      sampleCa: azure.sampleCa,
    };
  },
  faults: (draft) => {
    const client = draft.clientId.trim();
    const subscriptions = namesIn(draft.subscriptions);
    return [
      draft.title.trim() === '' ? { title: 'Give the source a name.' } : {},
      {
        ...(GUID.test(draft.tenant.trim())
          ? {}
          : { tenant: 'Give the tenant’s id, 32 hexadecimal digits with hyphens, as in Microsoft Entra.' }),
        ...((needsClient(draft.from) || client !== '') && draft.from !== 'azure-cli' && !GUID.test(client)
          ? { clientId: 'Give the application’s (client) id, 32 hexadecimal digits with hyphens.' }
          : {}),
        ...(draft.from === 'client-certificate' && draft.path.trim() === ''
          ? { path: 'Choose the PEM file with certificate and key.' }
          : {}),
      },
      !draft.every && (subscriptions.length === 0 || !subscriptions.every((id) => GUID.test(id)))
        ? { subscriptions: 'Give the ids of the subscriptions, with commas.' }
        : {},
    ];
  },
  build: (draft, id, taken) => ({
    provider: 'azure',
    id: id ?? sourceId(draft.title, taken),
    title: draft.title.trim(),
    tenant: draft.tenant.trim(),
    cloud: draft.cloud,
    credentials: credentialsOf(draft),
    subscriptions: draft.every ? null : namesIn(draft.subscriptions),
    sampleEndpoint: draft.sampleEndpoint,
    sampleCa: draft.sampleCa,
    readLogs: draft.readLogs,
    readDirectory: draft.readDirectory,
  }),
  Credentials: AzureCredentials,
  Scope: AzureScope,
};

function credentialsOf({ from, clientId, path }: AzureDraft): AzureSource['credentials'] {
  const client = clientId.trim();
  switch (from) {
    case 'azure-cli':
      return { from };
    case 'client-secret':
      return { from, clientId: client };
    case 'client-certificate':
      return { from, clientId: client, path: path.trim() };
    case 'interactive-browser':
    case 'device-code':
    case 'managed-identity':
      return { from, clientId: client === '' ? null : client };
  }
}

function AzureCredentials({ draft, onDraft, faults }: StepProps<AzureDraft>) {
  return (
    <div className="stack">
      <div className="form-grid">
        <TextField
          label="Tenant"
          hint="Its id, as Microsoft Entra shows it."
          mono
          value={draft.tenant}
          onText={(tenant) => onDraft({ ...draft, tenant })}
          error={faults.tenant ?? null}
        />
        <SelectField<AzureSource['cloud']>
          label="Cloud"
          value={draft.cloud}
          onChoice={(cloud) => onDraft({ ...draft, cloud })}
          options={[
            { value: 'public', label: 'Azure' },
            { value: 'usgov', label: 'Azure US Government' },
            { value: 'china', label: 'Azure operated by 21Vianet (China)' },
          ]}
        />
      </div>
      <ChoiceField<From>
        label="How to sign in"
        value={draft.from}
        onChoice={(from) => onDraft({ ...draft, from })}
        choices={[
          { value: 'azure-cli', label: 'As the Azure command line', detail: 'Run “az login” first.' },
          {
            value: 'interactive-browser',
            label: 'In the browser',
            detail: 'A sign-in page opens when the source is first asked.',
          },
          {
            value: 'device-code',
            label: 'With a device code',
            detail: 'The code is shown where Keywitness was started.',
          },
          {
            value: 'client-secret',
            label: 'As an application, with a secret',
            detail: 'The secret is read from AZURE_CLIENT_SECRET and stored nowhere.',
          },
          {
            value: 'client-certificate',
            label: 'As an application, with a certificate',
            detail: 'A PEM file; its password is read from AZURE_CLIENT_CERTIFICATE_PASSWORD.',
          },
          { value: 'managed-identity', label: 'As this machine’s managed identity' },
        ]}
      />
      {draft.from !== 'azure-cli' && (
        <TextField
          label="Application (client) id"
          hint={needsClient(draft.from) ? undefined : 'May be left empty.'}
          mono
          value={draft.clientId}
          onText={(clientId) => onDraft({ ...draft, clientId })}
          error={faults.clientId ?? null}
        />
      )}
      {draft.from === 'client-certificate' && (
        <FileField
          label="Certificate file"
          value={draft.path}
          onPath={(path) => onDraft({ ...draft, path })}
          error={faults.path ?? null}
          question={{ kind: 'open', title: 'Choose a certificate', extensions: ['pem'] }}
        />
      )}
    </div>
  );
}

function AzureScope({ draft, onDraft, faults }: StepProps<AzureDraft>) {
  return (
    <div className="stack">
      <ChoiceField
        label="Subscriptions"
        value={draft.every ? 'every' : 'some'}
        onChoice={(choice) => onDraft({ ...draft, every: choice === 'every' })}
        choices={[
          { value: 'every', label: 'Every one that can be read' },
          { value: 'some', label: 'Only these', detail: 'The others are listed as not collected.' },
        ]}
      />
      {!draft.every && (
        <TextField
          label="Subscription ids"
          hint="With commas."
          mono
          value={draft.subscriptions}
          onText={(subscriptions) => onDraft({ ...draft, subscriptions })}
          error={faults.subscriptions ?? null}
        />
      )}
      <CheckField
        label="Read logs of key use"
        hint="From Log Analytics and storage accounts. Needs read access to them; without it the use of keys is a gap."
        checked={draft.readLogs}
        onChecked={(readLogs) => onDraft({ ...draft, readLogs })}
      />
      <CheckField
        label="Ask Microsoft Graph for names and group members"
        hint="Needs permission to read users, groups and applications; without it the members of groups are unknown."
        checked={draft.readDirectory}
        onChecked={(readDirectory) => onDraft({ ...draft, readDirectory })}
      />
    </div>
  );
}
