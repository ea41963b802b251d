import { awsErrorMessage } from '../../recorder/aws-answers.ts';
import type { Provider } from '../provider.ts';
import { askAwsAgain } from './ask-again.ts';
import { collectAws } from './collect-aws.ts';
import { testAws } from './connection-test.ts';
import { awsEndingOf } from './endings.ts';
import { ignoredEnvironment } from './environment.ts';
import { identityCenterRemedy } from './identity-center-remedy.ts';
import { awsOperations } from './operations/index.ts';
import { permissionRefused } from './permission-refused.ts';
import { planAws } from './plan-aws.ts';

/** AWS: KMS, CloudTrail, IAM and what watches them. */
export const awsProvider: Provider<'aws'> = {
  id: 'aws',
  title: 'AWS',
  operations: awsOperations,
  isSignIn: (op) => op.startsWith('aws.sts.'),
  endingOf: awsEndingOf,
  errorMessage: awsErrorMessage,
  remedyOf(op, code, message) {
    const center = identityCenterRemedy(op, /AccessDenied/.test(code));
    if (center) return center;
    const missing = permissionRefused(message);
    return missing
      ? `Grant ${missing} to the collector (for a key, in its key policy too), then resume or collect again.`
      : null;
  },
  noteRemedies: {},
  ignoredEnvironment,
  sampleEndpoint: (source) => source.sampleEndpoint,
  plan: planAws,
  collect: (run, given) => collectAws(run, given),
  askAgain: (run, given) => askAwsAgain(run, given),
  test: (run, given) => testAws(run, given),
};
