import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { keywitness } from '../../support/run-cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';

async function newFile(): Promise<string> {
  const file = join(temporaryFolder(), 'acme.keywitness');
  const run = await keywitness(
    'new',
    file,
    '--client',
    'Acme',
    '--from',
    '2026-01-01',
    '--to',
    '2026-06-30',
    '--operator',
    'Ann',
  );
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return file;
}

describe('keywitness new', () => {
  it('creates an engagement whose last day is inclusive', async () => {
    const file = join(temporaryFolder(), 'acme.keywitness');
    const run = await keywitness(
      'new',
      file,
      '--client',
      'Acme',
      '--from',
      '2026-01-01',
      '--to',
      '2026-06-30',
      '--json',
    );
    expect(run.code).toBe(0);
    const { engagement } = JSON.parse(run.stdout) as { engagement: { period: unknown } };
    expect(engagement.period).toEqual({ from: '2026-01-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' });
    expect(existsSync(file)).toBe(true);
  });

  it('refuses to replace an engagement', async () => {
    const file = await newFile();
    const run = await keywitness('new', file, '--client', 'B', '--from', '2026-01-01', '--to', '2026-06-30');
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('exists already') as string });
  });

  it.each([
    [['--from', '2026-02-30', '--to', '2026-06-30'], /Give a date as YYYY-MM-DD/],
    [['--from', '2026-07-01', '--to', '2026-06-30'], /ends \(2026-06-30\) before it starts/],
    [['--from', '2026-01-01'], /required option '--to <date>'/],
  ])('explains what is wrong with %j', async (dates, words) => {
    const file = join(temporaryFolder(), 'acme.keywitness');
    const run = await keywitness('new', file, '--client', 'B', ...dates);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(words);
    expect(existsSync(file)).toBe(false);
  });
});

describe('keywitness source', () => {
  it('adds, lists and removes sources without ever holding a credential', async () => {
    const file = await newFile();
    const added = await keywitness(
      'source',
      'add',
      'aws',
      '--engagement',
      file,
      '--id',
      'aws-prod',
      '--profile',
      'audit',
      '--role',
      'arn:aws:iam::111122223333:role/Audit',
      '--external-id',
      'x-1',
      '--regions',
      'eu-west-1, us-east-1',
    );
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(
      (await keywitness('source', 'add', 'files', '--engagement', file, '--id', 'client-files')).code,
    ).toBe(0);
    const listed = await keywitness('source', 'list', '--engagement', file, '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({
      sources: [
        {
          id: 'aws-prod',
          credentials: { from: 'profile', profile: 'audit' },
          regions: ['eu-west-1', 'us-east-1'],
        },
        { id: 'client-files', provider: 'files' },
      ],
    });
    expect(
      (await keywitness('source', 'remove', 'aws-prod', '--engagement', file, '--reason', 'wrong account'))
        .code,
    ).toBe(0);
    const after = await keywitness('source', 'list', '--engagement', file);
    expect(after.stdout).toBe('client-files\tfiles\tclient-files\n');
  });

  it('refuses two kinds of credentials, a bad id and an unknown source', async () => {
    const file = await newFile();
    const two = await keywitness(
      'source',
      'add',
      'aws',
      '--engagement',
      file,
      '--id',
      'a',
      '--profile',
      'x',
      '--env',
    );
    expect(two).toMatchObject({ code: 1, stderr: expect.stringContaining('only one of') as string });
    const id = await keywitness('source', 'add', 'aws', '--engagement', file, '--id', 'Not An Id');
    expect(id).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot use what was given') as string,
    });
    const none = await keywitness('source', 'remove', 'ghost', '--engagement', file, '--reason', 'r');
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('has none of that id') as string });
  });
});

describe('keywitness new --sample', () => {
  it('alone lets a source name an endpoint', async () => {
    const given = ['--id', 'a', '--env', '--endpoint', 'http://127.0.0.1:5000/'];
    const real = await newFile();
    const refused = await keywitness('source', 'add', 'aws', '--engagement', real, ...given);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('only a sample engagement') as string,
    });
    const file = join(temporaryFolder(), 'practice.keywitness');
    const dates = ['--from', '2026-01-01', '--to', '2026-06-30'];
    await keywitness('new', file, '--client', 'Practice', '--sample', ...dates);
    await keywitness('source', 'add', 'aws', '--engagement', file, ...given);
    const listed = await keywitness('source', 'list', '--engagement', file, '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({
      sources: [{ sampleEndpoint: 'http://127.0.0.1:5000' }],
    });
  });
});

describe('keywitness verify FILE', () => {
  it('says intact, time pending, for a file without a timestamp', async () => {
    const file = await newFile();
    const run = await keywitness('verify', file);
    expect(run.code).toBe(3);
    expect(run.stdout).toMatch(/^Intact, time pending: 1 entries/);
  });

  it('names the first broken entry of a forged file', async () => {
    const file = await newFile();
    const db = new Database(file);
    db.exec(
      "DROP TRIGGER disclosure_no_update; UPDATE disclosure SET value = replace(value, 'Acme', 'Evil')",
    );
    db.close();
    const run = await keywitness('verify', file, '--json');
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({
      verdict: 'altered',
      headline: expect.stringMatching(/^Altered\. Entry 1: .*"value"/) as string,
    });
  });

  it('says what cannot be verified', async () => {
    // Not 1: that would say that it was altered.
    expect(await keywitness('verify', 'no-such-file')).toMatchObject({
      code: 2,
      stderr: 'cannot verify no-such-file: there is no such file.\n',
    });
    expect((await keywitness('verify', 'package.json')).stderr).toContain('not a Keywitness engagement file');
  });
});

describe('keywitness', () => {
  it('explains itself and its verbs', async () => {
    expect((await keywitness('--help')).stdout).toContain('verify [options] <file>');
    expect(await keywitness('source', '--help')).toMatchObject({ code: 0 });
    expect(await keywitness('nonsense')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nonsense') as string,
    });
  });
});

describe('a newcomer', () => {
  it('is told what to do next, by every verb that has nothing to work on', async () => {
    const file = await newFile();
    const said = async (...args: string[]) => {
      const { code, stderr } = await keywitness(...args, '--engagement', file);
      expect(code).toBe(1);
      return stderr;
    };
    expect(await said('plan')).toMatch(/^cannot plan: .*keywitness source add aws/);
    expect(await said('collect')).toMatch(/^cannot collect: .*source add/);
    expect(await said('collect', '--resume')).toMatch(/^cannot resume: /);
    expect(await said('test')).toMatch(/^cannot go on: .*keywitness collect/);
    expect(await said('source', 'add', 'aws', '--id', 'Bad Id')).toMatch(/small letters, digits and hyphens/);
    expect(await said('collect', '--ca-file', 'no-such.pem')).toBe(
      'cannot read no-such.pem: there is no such file. Check the path.\n',
    );
  });

  it('is warned of a folder that a cloud program keeps in step', async () => {
    const folder = join(temporaryFolder(), 'Dropbox');
    mkdirSync(folder);
    const dates = ['--client', 'Acme', '--from', '2026-01-01', '--to', '2026-06-30'];
    const run = await keywitness('new', join(folder, 'acme.keywitness'), ...dates);
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/^Warning: The file lies in Dropbox/);
  });
});
