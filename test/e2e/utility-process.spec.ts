import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { electronBinary, testSwitches } from './support/electron-host.ts';
import { expect, test } from './support/host.ts';
import { ROOT } from './support/root.ts';

/*
 * The packaged app runs its engine as a utility process. An Electron whose Node is too old for the database cannot; what it
 * can show is the process itself, with an engine that has no native file.
 */
test('an engine in a utility process answers, is started again when it ends, and closes', async ({
  host,
}) => {
  test.skip(host !== 'electron', 'of the desktop host');
  const script = join(ROOT, 'test/e2e/support/utility-process.mjs');
  const { stdout } = await promisify(execFile)(electronBinary()!, [...testSwitches(), script], {
    timeout: 60_000,
  });
  const line = stdout.split('\n').find((one) => one.startsWith('{'));
  expect(JSON.parse(line!)).toEqual({
    first: { home: 'home', input: { n: 1 }, type: 'utility' },
    ended: 'gone',
    second: { home: 'home', input: { n: 2 }, type: 'utility' },
    restarted: true,
    states: ['gone', 'back'],
  });
});
