import type { KeyClient } from '@azure/keyvault-keys';
import type { Operation, Quota } from '../../collect/operation.ts';
import type { AnswerShape } from '../../recorder/call.ts';
import type { AzureCloud } from './clouds.ts';

/** What a question is about. Each operation uses the members it needs; all are recorded as the call's parameters. */
export interface AzureInput {
  subscription?: string;
  /** Resource id of a vault, managed HSM, workspace or storage account. */
  resource?: string;
  /** Address of a vault's data plane, or of a storage account's blob service, without a slash at its end. */
  uri?: string;
  key?: string;
  version?: string;
  table?: string;
  /** Customer id of a workspace. */
  workspace?: string;
  query?: string;
  filter?: string;
  /** Ids of objects of Entra ID; of one group. */
  ids?: string[];
  group?: string;
  prefix?: string;
  blob?: string;
  /** The link that the page before gave. */
  page?: string;
}

/** How a question is sent by plain REST. */
export interface RestRequest {
  url: string;
  method?: 'GET' | 'POST';
  body?: unknown;
  headers?: Record<string, string>;
}

/** An Azure operation: its declaration and how it is asked. */
export interface AzureOperation<O = unknown> extends Operation {
  /** Whose token it needs. Permissions of `graph` are application permissions of Microsoft Graph, all others actions of Azure RBAC. */
  plane: 'arm' | 'vault' | 'logs' | 'graph' | 'storage';
  /** Kind of permission: an action or data action of Azure RBAC, or none to be asked for. */
  dataPlane: boolean;
  /** Access-policy permission on keys that stands for the data action in a vault under access policies. */
  keyPermission: string | null;
  /** Data action of a managed HSM's local roles. */
  hsmAction: string | null;
  rest?: (cloud: AzureCloud, input: AzureInput) => RestRequest;
  sdk?: (client: KeyClient, input: AzureInput, abortSignal: AbortSignal) => Promise<O>;
}

type Declared = Pick<AzureOperation, 'service' | 'action' | 'purpose' | 'plane' | 'docs' | 'scopeKind'> & {
  permissions?: readonly string[];
  quota: Quota;
  answer?: AnswerShape;
} & Partial<
    Pick<
      AzureOperation,
      'bodyClass' | 'keepHeaders' | 'notApplicable' | 'resource' | 'dataPlane' | 'keyPermission' | 'hsmAction'
    >
  >;

function declared(d: Declared): Omit<AzureOperation, 'rest' | 'sdk'> {
  return {
    bodyClass: 'full',
    notApplicable: [],
    resource: 'any',
    dataPlane: false,
    keyPermission: null,
    hsmAction: null,
    permissions: [],
    answer: json(),
    ...d,
    keepHeaders: [...(d.keepHeaders ?? []), 'retry-after'],
    id: `azure.${d.service}.${d.action}`,
  };
}

/** Declares an operation asked by plain REST; bodies are kept whole unless it says otherwise. */
export function restOperation<O>(
  d: Declared & { rest: (cloud: AzureCloud, input: AzureInput) => RestRequest },
): AzureOperation<O> {
  const { rest, ...more } = d;
  return { ...declared(more), rest };
}

/** Declares an operation of the data plane, asked through @azure/keyvault-keys. */
export function keyOperation<O>(
  d: Declared & { sdk: (client: KeyClient, input: AzureInput, abortSignal: AbortSignal) => Promise<O> },
): AzureOperation<O> {
  const { sdk, ...more } = d;
  return { ...declared({ ...more, dataPlane: true }), sdk };
}

/** A page of a list as Azure writes it. */
export interface Page<T = Record<string, unknown>> {
  value?: T[];
  nextLink?: string | null;
  /** The same in answers of Microsoft Graph. */
  '@odata.nextLink'?: string | null;
}

export const json = (...members: string[]): AnswerShape => ({ format: 'json', members });
