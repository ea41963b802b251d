import { declare } from '../../electron/engagement/declarations.ts';
import { defaultParameters } from '../../electron/engagement/parameters.ts';
import { newEngagement } from './ledger.ts';

const ANN = { name: 'Ann', email: null };

/** A new engagement file with one finished snapshot `s1` and nothing in it; tests put the derived rows in that they need. */
export async function smallSnapshot(sample = false) {
  const open = newEngagement();
  await declare(open.writer, ANN, 'engagement', '', {
    client: 'Acme',
    criteria: ['CC6.1'],
    mode: 'management',
    type: 2,
    period: { from: '2026-01-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' },
    parameters: defaultParameters,
    sample,
  });
  await declare(open.writer, ANN, 'snapshot.open', 's1', {
    sources: [],
    startedAt: '2026-07-01T10:00:00.000Z',
    tool: { name: 'Keywitness', version: '0', node: '24', platform: 'linux' },
  });
  await declare(open.writer, ANN, 'snapshot.close', 's1', {
    state: 'complete',
    endedAt: '2026-07-01T10:05:00.000Z',
    why: null,
  });
  return open;
}
