import type { Answer } from '../../../derive/answer.ts';
import type { Target } from './target.ts';
import { asObject, objects, text, whole, type JsonObject } from './wire.ts';

/** Settings of a log bucket, by the S3 operation that reads them. */
export const BUCKET_SETTINGS: Record<string, string> = {
  GetBucketPolicy: 'policy',
  GetBucketVersioning: 'versioning',
  GetBucketEncryption: 'encryption',
  GetPublicAccessBlock: 'public-access-block',
  GetObjectLockConfiguration: 'object-lock',
  GetBucketLogging: 'access-logging',
  GetBucketLifecycleConfiguration: 'lifecycle',
};

const COLUMNS = ['kind', 'destination', 'setting', 'status', 'code', 'value', 'seq'];

/**
 * One S3 operation that reads a setting of a bucket. "There is none" is an answer: status absent. Where several sources
 * asked for one bucket, the last that was answered decides; a refusal of another stays a gap of its own.
 */
export function bucketSetting(action: string) {
  return (answers: readonly Answer[], to: Target): void => {
    const insert = to.into('log_setting', COLUMNS);
    const isAnswer = ({ status }: Answer) => status === 'ok' || status === 'not-applicable';
    for (const answer of [...answers.filter((a) => !isAnswer(a)), ...answers.filter(isAnswer)]) {
      const bucket = text(answer.params().Bucket);
      if (bucket === null) continue;
      const known = answer.status === 'ok' ? 'set' : answer.status === 'not-applicable' ? 'absent' : null;
      insert({
        ...{ kind: 'bucket', destination: bucket, setting: BUCKET_SETTINGS[action]! },
        status: known ?? answer.status,
        code: answer.code,
        value: known === 'set' ? JSON.stringify(rootless(answer.body())) : null,
        seq: answer.seq,
      });
    }
  };
}

/** S3 answers in XML under one root element; a bucket policy is the JSON text itself. */
function rootless(body: JsonObject): JsonObject {
  const names = Object.keys(body);
  const [root] = names;
  return names.length === 1 && /Configuration|Status$|Policy$/.test(root!) && typeof body[root!] === 'object'
    ? asObject(body[root!])
    : names.length === 1 && body[root!] === ''
      ? {}
      : body;
}

/** DescribeLogGroups: how long the log groups keep what trails deliver. */
export function describeLogGroups(answers: readonly Answer[], to: Target): void {
  const insert = to.into('log_setting', COLUMNS);
  for (const answer of answers) {
    if (answer.status !== 'ok') continue;
    for (const group of objects(answer.body().logGroups)) {
      const arn = text(group.logGroupArn) ?? text(group.arn);
      if (arn === null) continue;
      const days = whole(group.retentionInDays);
      insert({
        ...{ kind: 'log group', destination: arn.replace(/:\*$/, ''), setting: 'retention' },
        status: days === null ? 'absent' : 'set',
        code: null,
        value: days === null ? null : JSON.stringify({ days }),
        seq: answer.seq,
      });
    }
  }
}
