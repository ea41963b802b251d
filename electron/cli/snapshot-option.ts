import { Option } from 'commander';

/**
 * `--snapshot`, once or several times: several runs are read together as one body of evidence. Its value is one name, the
 * runs joined with `+`.
 */
export function snapshotOption(what = 'snapshot'): Option {
  return new Option(
    '--snapshot <id>',
    `${what}, a run (s1) or a view (v1); repeat it, or join with +, to read several runs as one body of evidence (s1+s3). ` +
      'Without it: the newest collection of every source and every import that concerns the period',
  ).argParser((id: string, before: string | undefined) => (before === undefined ? id : `${before}+${id}`));
}
