import { evidenceRequired, exception, pass, results, type Control } from './control.ts';
import { logging } from './places.ts';
import { policyText } from './policy-text.ts';
import { throughout } from './throughout.ts';

const ID = 'log-destination-approved';

/** Logs go where the organisation watches them. */
export const logDestinationApproved: Control = {
  id: ID,
  title: 'Logs are delivered to an approved central destination',
  finding: 'logging',
  criteria: ['CC7.2'],
  question: 'Does the trail deliver to a destination on the approved list (SIEM)?',
  method:
    'Compare bucket and log group of each trail (DescribeTrails) with the approved log destinations of the engagement. For the period, read logged UpdateTrail events.',
  permissions: ['cloudtrail:DescribeTrails'],
  remediation: 'Deliver to an approved destination, or approve this one.',
  standards: [{ name: 'AWS Security Hub CSPM', version: 'CloudTrail controls', ref: 'CloudTrail.5' }],
  appliesTo: 'trails',
  test: (context) => {
    const { approvedLogDestinations: approved } = context.engagement.parameters;
    return logging(context).trails.flatMap((trail) => {
      const group = trail.log_group?.replace(/:\*$/, '') ?? null;
      const to = [trail.bucket, group].filter((name) => name !== null);
      const names = approved.value.map((name) => name.replace(/^arn:[^:]*:s3:::/, '').replace(/:\*$/, ''));
      const hit = to.find((name) => names.includes(name));
      const where = `Trail ${trail.name} delivers to ${to.join(' and ') || 'no destination'}`;
      const now =
        approved.value.length === 0
          ? evidenceRequired(
              `${where}; the engagement records no approved log destinations. The client's list is required.`,
              [trail.seq],
            )
          : hit === undefined
            ? exception(`${where}; neither is on the approved list (${policyText(approved)}).`, [trail.seq])
            : pass(`${where}; ${hit} is on the approved list (${policyText(approved)}).`, [trail.seq]);
      return results(ID, 'trail', trail.id, {
        collection: now,
        period: throughout(context, {
          subject: trail.id,
          account: trail.account,
          region: trail.home_region,
          settings: ['trail'],
          created: null,
          now,
          what: `trail ${trail.name} delivered to an approved destination`,
        }),
      });
    });
  },
};
