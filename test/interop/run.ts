import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { dss } from './dss.ts';
import { collectFromMoto } from './moto.ts';
import { openBao } from './openbao/checks.ts';
import { makeLargeSamples, makeSamples, withChangedFile } from './samples.ts';
import { MOST_PAGES, pagesOf, veraPdf } from './verapdf.ts';
import { validateOscal } from './oscal.ts';

/*
 * Checks a pack of the demo with programs that nobody here wrote. Installs what is missing where it can; a program that
 * cannot be had is skipped with its reason, never silently. Run by CI after the demo.
 */

const PACK = resolve('out/demo/pack.zip');
const REPORT = resolve('out/demo/report.pdf');
const work = mkdtempSync(join(tmpdir(), 'keywitness-interop-'));
const outcome = { passed: 0, failed: 0, skipped: 0 };

/** Runs a program; its output as text, also of a program that fails. */
function run(command: string, args: readonly string[], cwd = work): { ok: boolean; text: string } {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  return { ok: done.status === 0, text: `${done.stdout ?? ''}${done.stderr ?? ''}` };
}

const has = (command: string) => spawnSync('which', [command]).status === 0;

/** Puts a Debian package in when its program is missing and this machine allows it. */
function debian(command: string, name: string): boolean {
  if (has(command)) return true;
  if (process.getuid?.() !== 0 || !has('apt-get')) return false;
  spawnSync('apt-get', ['update'], { stdio: 'ignore' });
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', name], { stdio: 'ignore' });
  return has(command);
}

function check(name: string, test: () => { ok: boolean; text: string }): void {
  const { ok, text } = test();
  outcome[ok ? 'passed' : 'failed'] += 1;
  console.log(`${ok ? 'pass' : 'FAIL'}  ${name}`);
  if (!ok) console.log(text.split('\n').slice(-30).join('\n'));
}

function skip(name: string, reason: string): void {
  outcome.skipped += 1;
  console.log(`skip  ${name}: ${reason}`);
}

function withDebian(
  name: string,
  command: string,
  pack: string,
  test: () => { ok: boolean; text: string },
): void {
  if (debian(command, pack)) check(name, test);
  else skip(name, `${command} is not here and Debian's package ${pack} cannot be installed`);
}

/** A Python with the packages given, or null where the Python index cannot be reached. */
function python(...packages: string[]): string | null {
  const venv = join(work, `venv-${packages[0]!.replace(/[^a-z0-9]/gi, '')}`);
  if (!debian('python3', 'python3') || !run('python3', ['-m', 'venv', venv]).ok) return null;
  const installed = run(join(venv, 'bin/pip'), [
    'install',
    '--quiet',
    '--disable-pip-version-check',
    ...packages,
  ]);
  return installed.ok ? join(venv, 'bin') : null;
}

const unpacked = join(work, 'unpacked');
mkdirSync(unpacked);

withDebian('unzip -t', 'unzip', 'unzip', () => run('unzip', ['-tq', PACK]));
withDebian('unzip into a folder', 'unzip', 'unzip', () => run('unzip', ['-q', PACK, '-d', unpacked]));
withDebian('7z t', '7z', 'p7zip-full', () => run('7z', ['t', PACK]));
withDebian('Python zipfile', 'python3', 'python3', () => {
  const { ok, text } = run('python3', [
    '-c',
    `import zipfile; print(zipfile.ZipFile(${JSON.stringify(PACK)}).testzip())`,
  ]);
  return { ok: ok && text.trim() === 'None', text };
});

const instructions = readFileSync(join(unpacked, 'VERIFY.txt'), 'utf8')
  .split('\n')
  .map((line) => line.trim());
for (const command of instructions.filter((line) => /^(sha256sum|openssl|grep) /.test(line))) {
  check(`VERIFY.txt: ${command.slice(0, 70)}`, () =>
    run('bash', ['-o', 'pipefail', '-c', command], unpacked),
  );
}

// pdfsig's exit code says nothing: it is 0 for a wrong digest too.
withDebian('pdfsig', 'pdfsig', 'poppler-utils', () => {
  const { text } = run('pdfsig', [REPORT]);
  return { ok: text.includes('Signature is Valid') && text.includes('Total document signed'), text };
});
withDebian('pdfsig sees a changed report', 'pdfsig', 'poppler-utils', () => {
  const changed = Buffer.from(readFileSync(REPORT));
  changed[2000]! ^= 1;
  const path = join(work, 'changed.pdf');
  writeFileSync(path, changed);
  const { text } = run('pdfsig', [path]);
  return { ok: !text.includes('Signature is Valid'), text };
});
withDebian('qpdf --check', 'qpdf', 'qpdf', () => run('qpdf', ['--check', REPORT]));

const roots = join(unpacked, 'data/certificates/signer-roots.pem');
const bagit = python('bagit==1.9.0', 'setuptools<81');
if (bagit) check('bagit-python', () => run(join(bagit, 'bagit.py'), ['--validate', unpacked]));
else skip('bagit-python', 'the Python index cannot be reached');

const oscal = validateOscal(readFileSync(join(unpacked, 'data/6-tests/oscal-assessment-results.json')), work);
if (oscal) check('OSCAL assessment results against NIST’s JSON schema', () => oscal);
else skip('OSCAL assessment results', 'the Python index, which has the schema, cannot be reached');

// A server nobody here wrote: sign-in, collection, audit logs and the reading of policies.
const bao = await openBao(work);
if (bao) for (const { name, ok, text } of bao) check(name, () => ({ ok, text }));
else skip('OpenBao', 'the Python index, which has the program, cannot be reached');

const pyhanko = python('pyHanko', 'pyhanko-cli');
if (pyhanko) {
  check('pyHanko', () => {
    const { text } = run(join(pyhanko, 'pyhanko'), [
      'sign',
      'validate',
      '--no-revocation-check',
      '--trust',
      roots,
      '--pretty-print',
      REPORT,
    ]);
    return { ok: /VALID/.test(text) && !/INVALID|NOT VALID/.test(text), text };
  });
} else skip('pyHanko', 'the Python index cannot be reached');

// The seals in every way there is: online, offline and raised later, renewed, many at once; RSA and EC.
const samplesFolder = join(work, 'samples');
mkdirSync(samplesFolder);
const samples = await makeSamples(samplesFolder);
const changedPack = join(work, 'changed-pack.zip');
writeFileSync(changedPack, await withChangedFile(PACK));
const eu = debian('mvn', 'maven') && debian('javac', 'default-jdk-headless') ? dss() : { reason: 'no Java' };
if (typeof eu === 'function') {
  const judged = (trusted: string, files: readonly string[], expect: RegExp) => () => {
    const verdicts = eu(trusted, files);
    const text = verdicts
      .map((one) => `${one.file} ${one.format} ${one.indication} ${one.detail}`)
      .join('\n');
    return {
      ok: verdicts.length >= files.length && text.split('\n').every((line) => expect.test(line)),
      text,
    };
  };
  const lasting = / [CP]AdES-BASELINE-LTA TOTAL_PASSED /;
  check('EU DSS: the demo is B-LTA and passes', judged(roots, [PACK, REPORT], lasting));
  check('EU DSS: every way of sealing is B-LTA and passes', judged(samples.roots, samples.lasting, lasting));
  check('EU DSS: evidence records pass', judged(samples.roots, samples.recorded, / TOTAL_PASSED /));
  check('EU DSS: an altered demo fails', judged(roots, [changedPack], / TOTAL_FAILED /));
  check('EU DSS: what was altered fails', judged(samples.roots, samples.altered, / TOTAL_FAILED /));
  check(
    'EU DSS: a signer revoked after the time-stamp passes',
    judged(samples.roots, samples.revokedAfter, lasting),
  );
  check(
    'EU DSS: a signer revoked before the time-stamp does not',
    judged(samples.roots, samples.revokedBefore, / INDETERMINATE REVOKED_NO_POE /),
  );
  // 1024 takes a minute or two and 4 GB on disk; DSS then has 1.5 GB of memory.
  const mebibytes = Number(process.env.KEYWITNESS_INTEROP_MIB ?? 16);
  const large = await makeLargeSamples(samplesFolder, mebibytes);
  check(`EU DSS: ${mebibytes} MiB of evidence pass`, judged(large.roots, [large.sound], lasting));
  check(
    `EU DSS: ${mebibytes} MiB of evidence, altered, fail`,
    judged(large.roots, [large.altered], / TOTAL_FAILED /),
  );
} else skip('EU DSS', eu.reason);

const vera =
  debian('mvn', 'maven') && debian('javac', 'default-jdk-headless') ? veraPdf() : { reason: 'no Java' };
if (typeof vera === 'function') {
  check('veraPDF: a report raised to B-LTA is PDF/A-3a and PDF/UA-1', () => vera(samples.reports));
  const inPack = ['data/4-review/review.pdf', 'data/4-review/addendum-1.pdf'].map((path) =>
    join(unpacked, path),
  );
  const short = [REPORT, ...inPack].filter((path) => existsSync(path) && pagesOf(path) <= MOST_PAGES);
  for (const path of short)
    check(`veraPDF: the demo's ${basename(path)} is PDF/A-3a and PDF/UA-1`, () => vera([path]));
  for (const path of [REPORT, ...inPack].filter((path) => existsSync(path) && !short.includes(path)))
    skip(
      `veraPDF: the demo's ${basename(path)}`,
      `it has ${pagesOf(path)} pages, which take veraPDF minutes`,
    );
} else skip('veraPDF', vera.reason);

if (pyhanko) {
  check('pyHanko: AdES validation at level LTA, offline', () => {
    // Not those stamped later: pyHanko leaves undecided what has its time in document time-stamps only, which EN 319 142-1
    // §6.3 allows and a report whose beginning is sealed in the zip needs. Its older profile below judges those.
    const files = samples.lasting.filter((path) => /-(online|renewed)\.pdf$/.test(path));
    const { text } = run(join(pyhanko, 'python'), [
      resolve('test/interop/ades-lta.py'),
      samples.roots,
      ...files,
    ]);
    const passed = text.split('\n').filter((line) => line.endsWith('AdESPassed.OK')).length;
    return { ok: passed === files.length, text };
  });
} else skip('pyHanko: AdES validation at level LTA', 'the Python index cannot be reached');

const moto = python('moto[server]==5.2.5');
if (moto) {
  const collected = await collectFromMoto(moto, work);
  check('collecting from moto, and what boto3 is told about the same keys', () => collected);
} else skip('moto', 'the Python index cannot be reached');

const older = python('pyHanko==0.25.3');
if (older) {
  check('pyHanko: profile PAdES-LTA, offline, also of what was stamped later', () => {
    const files = samples.lasting.filter((path) => path.endsWith('.pdf'));
    const { text } = run(join(older, 'python'), [
      resolve('test/interop/pades-lta.py'),
      samples.roots,
      ...files,
    ]);
    const passed = text.split('\n').filter((line) => line.endsWith(' TRUSTED')).length;
    return { ok: passed === files.length, text };
  });
} else skip('pyHanko: profile PAdES-LTA', 'the Python index cannot be reached or lacks pyHanko 0.25.3');

rmSync(work, { recursive: true, force: true });
console.log(`\n${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`);
process.exitCode = outcome.failed > 0 ? 1 : 0;
