/** The procedure document, and the annual review with its sign-off. */
import { startSection, type ReportContext } from './context.ts';
import { keyValues, table } from '../table.ts';
import type { Text } from '../inline.ts';
import { count, day, mono, soft, time } from './words.ts';

export function procedureSection(context: ReportContext): void {
  const { flow, model } = context;
  const { procedure } = model;
  startSection(
    context,
    'procedure',
    'The client’s documented key management procedure, and the clauses the tests take their parameters from.',
    false,
    !procedure,
  );
  if (!procedure) {
    flow.callout(
      'warning',
      'Not provided',
      'No procedure document was given. The tests use their default parameters where the client’s policy would set them.',
    );
    return;
  }
  keyValues(flow, [
    ['Document', procedure.title],
    ['Version', procedure.version],
    [
      'Approved',
      procedure.approvedAt === null || procedure.approvedBy === null
        ? soft('not approved, as far as the document says')
        : `${day(procedure.approvedAt)}, ${procedure.approvedBy}`,
    ],
    ['Next review', procedure.nextReview === null ? soft('none stated') : day(procedure.nextReview)],
    ['Kept in', procedure.location ?? soft('not stated')],
    ['File', mono(procedure.file)],
    ['SHA-256', mono(procedure.sha256)],
  ]);
  table(flow, {
    columns: [
      { title: 'Clause', width: 60, names: true },
      { title: 'Text' },
      { title: 'Parameter', max: 150 },
    ],
    rows: procedure.clauses.map((c) => [c.clause, c.text, c.parameter]),
    empty: 'No clause was linked to a parameter.',
  });
}

export function reviewSection(context: ReportContext): void {
  const { flow, model } = context;
  const { review } = model;
  startSection(
    context,
    'review',
    'The review of every key’s access, rotation and logging by the client’s reviewer, with decisions and findings.',
    false,
    !review,
  );
  if (!review) {
    flow.callout(
      'warning',
      'Not provided',
      'No annual key access review was given. Exhibit (d) is not provided.',
    );
    return;
  }
  const signed: Text =
    review.signedAt === null
      ? soft('not signed')
      : `${time(review.signedAt)} by ${review.reviewer}; the signature is in the review’s own document`;
  keyValues(flow, [
    ['Reviewer', `${review.reviewer}, ${review.role}`],
    ['Signed', signed],
    ['Period reviewed', review.periodReviewed],
    ['Population', [`${count(review.items)} items, SHA-256 `, mono(review.populationSha256)]],
    ['Document', mono(review.file)],
  ]);
  table(flow, {
    caption: 'Decisions',
    columns: [
      { title: 'Decision', names: true, max: 260 },
      { title: 'Items', width: 70, align: 'right' },
    ],
    rows: review.decisions.map((d) => [d.decision, count(d.count)]),
  });
  table(flow, {
    caption: 'Findings of the reviewer',
    columns: [
      { title: 'Subject', names: true, max: 130 },
      { title: 'Decision', max: 90 },
      { title: 'Note' },
      { title: 'Remediation' },
      { title: 'Due', width: 62 },
    ],
    rows: review.findings.map((f): Text[] => [
      f.subject,
      f.decision,
      f.note,
      f.remediation,
      f.due === null ? soft('none set') : day(f.due),
    ]),
  });
}
