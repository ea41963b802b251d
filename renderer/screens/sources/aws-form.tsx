import type { AwsSource } from '../../../electron/engagement/engagement.ts';
import { CheckField, ChoiceField, TextField } from '../../ui/field.tsx';
import { namesIn } from '../../records/name-list.ts';
import type { ProviderForm, StepProps } from './provider-forms.tsx';
import { sourceId } from './source-words.ts';

export interface AwsDraft {
  provider: 'aws';
  title: string;
  from: AwsSource['credentials']['from'];
  profile: string;
  roleArn: string;
  externalId: string;
  /** All enabled Regions, or those in `regions`. */
  every: boolean;
  regions: string;
  readLogFiles: boolean;
  sampleEndpoint: string | null;
}

const usesProfile = (from: AwsDraft['from']) => from === 'profile' || from === 'sso';

export const awsForm: ProviderForm<AwsDraft> = {
  provider: 'aws',
  label: 'AWS',
  detail: 'KMS keys, policies and grants, IAM, CloudTrail, and what watches them.',
  start: () => ({
    provider: 'aws',
    title: '',
    from: 'profile',
    profile: '',
    roleArn: '',
    externalId: '',
    every: true,
    regions: '',
    readLogFiles: true,
    sampleEndpoint: null,
  }),
  draftOf: (source) => {
    const aws = source as AwsSource;
    return {
      provider: 'aws',
      title: aws.title,
      from: aws.credentials.from,
      profile: 'profile' in aws.credentials ? aws.credentials.profile : '',
      roleArn: aws.assumeRole?.roleArn ?? '',
      externalId: aws.assumeRole?.externalId ?? '',
      every: aws.regions === null,
      regions: aws.regions?.join(', ') ?? '',
      readLogFiles: aws.readLogFiles,
      sampleEndpoint: aws.sampleEndpoint,
    };
  },
  faults: (draft) => [
    draft.title.trim() === '' ? { title: 'Give the source a name.' } : {},
    {
      ...(usesProfile(draft.from) && draft.profile.trim() === ''
        ? { profile: 'Name the profile, as in ~/.aws/config.' }
        : {}),
      ...(draft.roleArn.trim() !== '' && !draft.roleArn.trim().startsWith('arn:')
        ? { roleArn: 'A role is given by its ARN, which begins with arn:.' }
        : {}),
    },
    !draft.every && namesIn(draft.regions).length === 0 ? { regions: 'Name at least one Region.' } : {},
  ],
  build: (draft, id, taken) => ({
    provider: 'aws',
    id:
      id ??
      sourceId(
        draft.title,
        taken.filter((other) => other !== id),
      ),
    title: draft.title.trim(),
    credentials:
      draft.from === 'profile' || draft.from === 'sso'
        ? { from: draft.from, profile: draft.profile.trim() }
        : { from: draft.from },
    assumeRole:
      draft.roleArn.trim() === ''
        ? null
        : { roleArn: draft.roleArn.trim(), externalId: draft.externalId.trim() || null },
    regions: draft.every ? null : namesIn(draft.regions),
    sampleEndpoint: draft.sampleEndpoint,
    readLogFiles: draft.readLogFiles,
  }),
  Credentials: AwsCredentials,
  Scope: AwsScope,
};

function AwsCredentials({ draft, onDraft, faults }: StepProps<AwsDraft>) {
  return (
    <div className="stack">
      <ChoiceField
        label="Where this machine has credentials from"
        value={draft.from}
        onChoice={(from) => onDraft({ ...draft, from })}
        choices={[
          { value: 'profile', label: 'A profile', detail: 'From ~/.aws/config and ~/.aws/credentials.' },
          {
            value: 'sso',
            label: 'Single sign-on',
            detail: 'A profile that signs in through IAM Identity Center; run “aws sso login” first.',
          },
          {
            value: 'environment',
            label: 'Environment variables',
            detail: 'AWS_ACCESS_KEY_ID and the others, as they were when Keywitness started.',
          },
          {
            value: 'default-chain',
            label: 'Whatever this machine has',
            detail: 'The AWS default chain, in its usual order.',
          },
        ]}
      />
      {usesProfile(draft.from) && (
        <TextField
          label="Profile"
          mono
          value={draft.profile}
          onText={(profile) => onDraft({ ...draft, profile })}
          error={faults.profile ?? null}
        />
      )}
      <div className="form-grid">
        <TextField
          label="Role to take with them"
          hint="May be left empty. The role the client made for you, by ARN."
          mono
          value={draft.roleArn}
          onText={(roleArn) => onDraft({ ...draft, roleArn })}
          error={faults.roleArn ?? null}
        />
        <TextField
          label="External id"
          hint="If the client agreed on one."
          mono
          value={draft.externalId}
          onText={(externalId) => onDraft({ ...draft, externalId })}
        />
      </div>
    </div>
  );
}

function AwsScope({ draft, onDraft, faults }: StepProps<AwsDraft>) {
  return (
    <div className="stack">
      <ChoiceField
        label="Regions"
        value={draft.every ? 'every' : 'some'}
        onChoice={(choice) => onDraft({ ...draft, every: choice === 'every' })}
        choices={[
          {
            value: 'every',
            label: 'Every enabled Region',
            detail: 'What the pack then says is about the whole account.',
          },
          { value: 'some', label: 'Only these', detail: 'Every other enabled Region is listed as a gap.' },
        ]}
      />
      {!draft.every && (
        <TextField
          label="Region codes"
          hint="With commas, for example eu-west-1, us-east-1."
          mono
          value={draft.regions}
          onText={(regions) => onDraft({ ...draft, regions })}
          error={faults.regions ?? null}
        />
      )}
      <CheckField
        label="Read log files of trails"
        hint="They show who used which key. Needs read access to the bucket; without it use is looked up, 90 days back at most."
        checked={draft.readLogFiles}
        onChecked={(readLogFiles) => onDraft({ ...draft, readLogFiles })}
      />
    </div>
  );
}
