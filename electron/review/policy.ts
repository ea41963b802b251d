import { declare } from '../engagement/declarations.ts';
import { currentEngagement } from '../engagement/current.ts';
import type { Operator } from '../engagement/engagement.ts';
import { policyParameters, type PolicyParameters } from '../engagement/parameters.ts';
import type { Declared } from '../engagement/declarations.ts';
import type { Work } from '../engine/with-engagement.ts';
import { attach, type GivenFile } from './attachments.ts';
import { ReviewError } from './error.ts';

/** Who approved a document and when, as it says itself. */
export interface DocumentFacts {
  title: string;
  version: string;
  approver: string | null;
  /** YYYY-MM-DD */
  approvedAt: string | null;
  nextReview: string | null;
}

/** A parameter of the policy as the document sets it. */
export interface ParameterClause {
  parameter: keyof PolicyParameters;
  /** The value, typed as the parameter is. */
  value: unknown;
  clause: string;
  /** What the clause says. */
  text: string;
}

/**
 * Attaches the approved encryption and key management policy, and sets the parameters that its clauses give.
 *
 * @throws ReviewError NOT_KNOWN for a parameter that there is none of; z.ZodError for a value it cannot have.
 */
export async function attachPolicy(
  { db, writer }: Work,
  by: Operator,
  file: GivenFile,
  facts: DocumentFacts,
  clauses: readonly ParameterClause[],
): Promise<Declared<'policy.document'>> {
  const engagement = currentEngagement(db);
  const unknown = clauses.find(({ parameter }) => !(parameter in engagement.parameters));
  if (unknown) {
    throw new ReviewError(
      'NOT_KNOWN',
      `cannot set ${unknown.parameter}: there is no such parameter. There are ${Object.keys(engagement.parameters).join(', ')}.`,
    );
  }
  const changed = Object.fromEntries(
    clauses.map(({ parameter, value, clause }) => [parameter, { value, clause }]),
  );
  const parameters = policyParameters.parse({ ...engagement.parameters, ...changed });
  const { sha256 } = await attach(writer, 'policy', file);
  const value = {
    ...facts,
    attachment: sha256,
    clauses: clauses.map(({ clause, text, parameter }) => ({ clause, text, parameter })),
  };
  await declare(writer, by, 'policy.document', '', value);
  if (clauses.length > 0) await declare(writer, by, 'engagement', '', { ...engagement, parameters });
  return value;
}
