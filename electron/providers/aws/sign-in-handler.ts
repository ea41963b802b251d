import type { HttpRequest } from '@smithy/types';
import type { Operation } from '../../collect/operation.ts';
import { recordingHandler, type CallTicket, type RecordingHandler } from '../../recorder/aws-adapter.ts';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { RecorderCore } from '../../recorder/record-exchange.ts';
import { signInOperations } from './operations/sign-in.ts';

/**
 * Handler for the clients that the SDK's credential providers make by themselves (SSO portal, web identity, roles of a
 * profile): the client's log may show these calls, so ours must. Neither their parameters nor their answers are kept.
 */
export function signInHandler(
  core: RecorderCore,
  inner: NodeHttpHandler,
  snapshot: string,
  source: string,
): RecordingHandler {
  return recordingHandler(core, inner, (request): CallTicket => {
    const operation = operationOf(request);
    return {
      call: {
        snapshot,
        source,
        op: operation.id,
        scope: 'unknown/global',
        label: 'sign-in',
        params: '{}',
        caller: null,
        attempt: 1,
        bodyClass: operation.bodyClass,
        keepHeaders: operation.keepHeaders,
        answer: operation.answer,
      },
      replaySeq: null,
      recorded: null,
    };
  });
}

function operationOf(request: HttpRequest): Operation {
  if (request.path.endsWith('/federation/credentials')) return signInOperations.getRoleCredentials;
  if (request.hostname.startsWith('oidc.')) return signInOperations.createToken;
  const body = typeof request.body === 'string' ? request.body : '';
  if (body.includes('Action=AssumeRoleWithWebIdentity')) return signInOperations.assumeRoleWithWebIdentity;
  if (body.includes('Action=AssumeRole')) return signInOperations.assumeRole;
  return signInOperations.signIn;
}
