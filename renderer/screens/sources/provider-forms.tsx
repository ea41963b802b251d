import type { ComponentType } from 'react';
import type { Source } from '../../../electron/engagement/engagement.ts';
import { awsForm, type AwsDraft } from './aws-form.tsx';
import { azureForm, type AzureDraft } from './azure-form.tsx';
import { vaultForm, type VaultDraft } from './vault-form.tsx';

/** Faults of one step by field; empty when it is in order. */
export type StepFaults = Readonly<Record<string, string>>;

export interface StepProps<D> {
  draft: D;
  onDraft: (draft: D) => void;
  faults: StepFaults;
}

/** How one provider is asked for: its steps, and what comes of them. */
export interface ProviderForm<D> {
  provider: 'aws' | 'azure' | 'vault';
  label: string;
  detail: string;
  start: () => D;
  draftOf: (source: Source) => D;
  /** By step: provider, credentials, scope. */
  faults: (draft: D) => readonly StepFaults[];
  build: (draft: D, id: string | null, taken: readonly string[]) => Source;
  Credentials: ComponentType<StepProps<D>>;
  Scope: ComponentType<StepProps<D> & { sample: boolean }>;
}

export type SourceDraft = AwsDraft | AzureDraft | VaultDraft;

/**
 * A form for drafts of any provider: a draft names its provider, and only that provider's form is given it.
 */
function anyForm<D extends SourceDraft>(form: ProviderForm<D>): ProviderForm<SourceDraft> {
  return form as unknown as ProviderForm<SourceDraft>;
}

/** The providers that can be connected. Adding one is adding its form and one line here. */
export const PROVIDER_FORMS: readonly ProviderForm<SourceDraft>[] = [
  anyForm(awsForm),
  anyForm(azureForm),
  anyForm(vaultForm),
];

/** The form of a provider. @throws Error when this window has none for it. */
export function formOf(provider: string): ProviderForm<SourceDraft> {
  const form = PROVIDER_FORMS.find((candidate) => candidate.provider === provider);
  if (!form)
    throw new Error(`cannot change a source of provider ${provider}: this window has no form for it.`);
  return form;
}
