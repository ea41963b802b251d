import type { Handler } from '@smithy/types';
import type { BodyClass } from '../../../db/ledger/entry.ts';
import type { NotApplicable, Operation, Quota } from '../../collect/operation.ts';
import type { AnswerShape } from '../../recorder/call.ts';
import type { AwsService } from './services.ts';

/** A command class of the AWS SDK, as far as we need it: what goes in and what comes out. */
export type CommandClass = new (...input: never[]) => {
  readonly input: object;
  resolveMiddleware: (...stack: never[]) => Handler<never, object>;
};

/** What an SDK command takes. */
type InputOf<C extends CommandClass> = InstanceType<C>['input'];
/** What an SDK command gives. */
type OutputOf<C extends CommandClass> = Awaited<
  ReturnType<ReturnType<InstanceType<C>['resolveMiddleware']>>
>['output'];

/** An AWS operation: its declaration and the SDK command that asks it. */
export interface AwsOperation<I = unknown, O = unknown> extends Operation {
  service: AwsService;
  command: CommandClass;
  /** Types only: never set. */
  readonly types?: { input: (input: I) => void; output: O };
}

interface Declared<C extends CommandClass> {
  service: AwsService;
  command: C;
  action: string;
  permissions: readonly string[];
  scopeKind: 'global' | 'region';
  purpose: string;
  answer: AnswerShape;
  quota: Quota;
  docs: string;
  bodyClass?: Operation['bodyClass'];
  bodyClassByLabel?: Readonly<Record<string, BodyClass>>;
  keepHeaders?: readonly string[];
  notApplicable?: readonly NotApplicable[];
  resource?: Operation['resource'];
}

/** Declares an operation; bodies are kept whole and no headers are, unless it says otherwise. */
export function awsOperation<C extends CommandClass>(
  declared: Declared<C>,
): AwsOperation<InputOf<C>, OutputOf<C>> {
  return {
    bodyClass: 'full',
    keepHeaders: [],
    notApplicable: [],
    resource: 'any',
    ...declared,
    id: `aws.${declared.service}.${declared.action}`,
  };
}

export const json = (...members: string[]): AnswerShape => ({ format: 'json', members });
export const xml = (root: string): AnswerShape => ({ format: 'xml', root });
