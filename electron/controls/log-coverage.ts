import {
  evidenceRequired,
  exception,
  notApplicable,
  pass,
  results,
  undetermined,
  type Answer,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { count, day, daysBetween, earlier, periodText } from './dates.ts';
import { logging, type Place } from './places.ts';

const ID = 'log-coverage';
/** A place counts as covered at collection when logs reach to within this of it: events arrive late. */
const LATE_DAYS = 1;

/** Logs of key use cover the whole period. */
export const logCoverage: Control = {
  id: ID,
  title: 'Logs cover the period',
  finding: 'logging',
  criteria: ['CC7.2', 'CC6.1'],
  question:
    'Do the collected logs cover the whole period in the place (AWS: account and Region; Azure: vault; Vault: mount)?',
  method:
    'Compute from all log sources (AWS: trail files, digests, event history; Azure: workspaces and storage accounts of diagnostic settings; Vault: audit device files; imported files) which parts of the period each covers, join them, and name every part that none covers with the reason. A part lost because logging was off or excluded is an exception; a part that was not collected is a request for evidence.',
  permissions: [
    'cloudtrail:LookupEvents',
    's3:ListBucket',
    's3:GetObject',
    'Microsoft.OperationalInsights/workspaces/query/read',
    'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
  ],
  remediation: 'Provide log files for the missing parts, or explain them.',
  standards: [{ name: 'NIST SP 800-53', version: 'Rev. 5', ref: 'AU-12' }],
  appliesTo: 'places with customer managed keys (AWS: accounts and Regions; Azure: vaults; Vault: mounts)',
  test: (context) =>
    logging(context).places.flatMap((place) => {
      if (!place.hasKeys) {
        const none = notApplicable(`No customer managed key is in ${place.id}.`);
        return results(ID, 'place', place.id, { collection: none, period: none });
      }
      return results(ID, 'place', place.id, {
        collection: lately(context, place),
        period: period(context, place),
      });
    }),
};

function period(context: ControlContext, place: Place): Answer {
  const { from, to } = context.engagement.period;
  const end = earlier(to, context.collectedAt);
  const text = periodText({ from, to });
  const holes = context.logs.holes(place.account, place.region, from, end, 'use');
  if (holes === null) {
    return evidenceRequired(`No log was read for ${place.id}: log files of ${text} are required.`);
  }
  if (holes.length === 0) {
    const cites = context.logs.covering(place.account, place.region, from, end);
    return pass(`Logs of ${place.id} cover ${text} without a break.`, cites);
  }
  const cites = holes.flatMap((hole) => hole.seqs);
  const days = holes.reduce((sum, hole) => sum + Math.max(daysBetween(hole.from, hole.to), 0), 0);
  const parts = holes.slice(0, 3).map((hole) => `${hole.from} to ${hole.to} (${hole.reason})`);
  const sentence = `Logs of ${place.id} leave out ${count(holes.length, 'part')} of ${text}, ${count(days, 'whole day')}: ${parts.join('; ')}${holes.length > 3 ? '; and more' : ''}.`;
  return holes.some((hole) => hole.lost)
    ? exception(sentence, cites)
    : evidenceRequired(`${sentence} Evidence for it is required.`, cites);
}

function lately(context: ControlContext, place: Place): Answer {
  const to = context.collectedAt;
  const from = new Date(Date.parse(to) - LATE_DAYS * 86_400_000).toISOString();
  const holes = context.logs.holes(place.account, place.region, from, to, 'use');
  if (holes === null) return undetermined(`No log was read for ${place.id}.`);
  const dark = holes.reduce((sum, hole) => sum + Date.parse(hole.to) - Date.parse(hole.from), 0);
  return dark >= LATE_DAYS * 86_400_000
    ? undetermined(
        `The collected logs of ${place.id} do not reach to the collection on ${day(to)}.`,
        holes.flatMap((h) => h.seqs),
      )
    : pass(
        `The collected logs of ${place.id} reach to the collection on ${day(to)}.`,
        context.logs.covering(place.account, place.region, from, to),
      );
}
