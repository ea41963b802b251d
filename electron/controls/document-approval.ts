import type { ControlContext } from './context.ts';
import { both, evidenceRequired, exception, pass, type Answer, type Answers } from './control.ts';
import { addDays, day, earlier } from './dates.ts';

/** What a document says about its own approval. */
export interface DocumentApproval {
  title: string;
  version: string;
  approver: string | null;
  approvedAt: string | null;
  nextReview: string | null;
  seq: number;
}

/** Whether a document is there, approved, and not due for review: at collection and at the end of the period. */
export function approvalAnswers(
  context: ControlContext,
  what: string,
  document: DocumentApproval | null,
): Answers {
  if (!document) return both(evidenceRequired(`The ${what} was not given; it is required.`));
  const end = day(earlier(context.engagement.period.to, context.collectedAt));
  return {
    collection: answer(document, day(context.collectedAt), 'collection'),
    period: answer(document, end, 'the end of the period'),
  };
}

function answer(document: DocumentApproval, at: string, moment: string): Answer {
  const name = `"${document.title}" version ${document.version}`;
  const cites = [document.seq];
  if (document.approver === null || document.approvedAt === null) {
    return exception(
      `${name} is not approved: it names no ${document.approver === null ? 'approver' : 'date of approval'}.`,
      cites,
    );
  }
  const approved = `${name}, approved on ${document.approvedAt} by ${document.approver}`;
  if (document.approvedAt > at)
    return evidenceRequired(
      `${approved}, after ${moment} (${at}): the version in force then is required.`,
      cites,
    );
  // Without a stated date a document is due a year after its approval: an annual review is asked for.
  const due = document.nextReview ?? day(addDays(`${document.approvedAt}T00:00:00.000Z`, 366));
  return due < at
    ? exception(`${approved}, was due for review on ${due}, before ${moment} (${at}).`, cites)
    : pass(
        `${approved}; next review ${due}${document.nextReview === null ? ' (a year after approval, none is stated)' : ''}.`,
        cites,
      );
}
