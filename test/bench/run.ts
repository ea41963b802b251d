import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureConfiguration } from './configuration.ts';
import { measureIngest } from './ingest.ts';
import { measureKeys } from './keys.ts';
import { measurePack } from './pack.ts';
import { describe, median, type Measure } from './result.ts';

/*
 * `npm run bench`: each figure as a ratio to a floor that is measured in the same run, in turn with it. Exits with 1 when
 * a target is missed.
 */

const HELP = `npm run bench -- [options]

  --only LIST       configuration, ingest, pack (with verification), or keys: from collecting so many keys to rebuilding
                    their rows; the first three without it
  --repeat N        runs of each; the median is reported (default 1)
  --keys N          keys whose configuration is collected (default 500)
  --many-keys N     keys for the part keys (default 20000)
  --latency MS      added to every answer (default 30)
  --events N        CloudTrail events to ingest, up to 10 million (default 1000000)
  --pack-bytes N    bytes of raw log records in the pack (default 1000000000)
  --folder DIR      where to keep the input for later runs; a temporary folder without it
  --json            one JSON object instead of text`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'configuration,ingest,pack' },
    repeat: { type: 'string', default: '1' },
    keys: { type: 'string', default: '500' },
    'many-keys': { type: 'string', default: '20000' },
    latency: { type: 'string', default: '30' },
    events: { type: 'string', default: '1000000' },
    'pack-bytes': { type: 'string', default: '1000000000' },
    folder: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function whole(name: 'repeat' | 'keys' | 'many-keys' | 'latency' | 'events' | 'pack-bytes'): number {
  const value = Number(values[name].replaceAll('_', ''));
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`cannot use --${name} ${values[name]}: give a whole number.`);
}

const parts: Record<string, (folder: string, runs: number) => Promise<Measure[][]>> = {
  configuration: (folder, runs) =>
    measureConfiguration({ folder, keys: whole('keys'), latencyMs: whole('latency') }, runs),
  ingest: (folder, runs) => measureIngest({ folder, events: whole('events') }, runs),
  keys: (folder, runs) => measureKeys({ folder, keys: whole('many-keys') }, runs),
  pack: (folder, runs) => measurePack({ folder, bytes: whole('pack-bytes') }, runs),
};

async function main(): Promise<void> {
  const wanted = values.only.split(',');
  const unknown = wanted.find((name) => !(name in parts));
  if (unknown !== undefined)
    throw new Error(`cannot measure ${unknown}: choose from ${Object.keys(parts).join(', ')}.`);
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'keywitness-bench-'));
  mkdirSync(folder, { recursive: true });
  const figures = [];
  try {
    for (const name of wanted) {
      const runs = await parts[name]!(folder, Math.max(1, whole('repeat')));
      for (const [n] of runs[0]!.entries()) {
        const figure = median(runs.map((run) => run[n]!));
        figures.push(figure);
        if (!values.json) console.log(describe(figure));
      }
    }
  } finally {
    if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
  if (values.json) console.log(JSON.stringify({ figures }));
  if (figures.some((figure) => figure.met === false)) process.exitCode = 1;
}

if (values.help) console.log(HELP);
else await main();
