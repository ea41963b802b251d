import type { ReadableDb } from '../../db/handle.ts';
import { RULES_VERSION } from '../../db/derived/write.ts';
import { operationById } from '../providers/index.ts';
import { requestsPerSecond } from '../collect/quotas.ts';
import { CONTROLS } from '../controls/index.ts';
import { declared } from '../engagement/declarations.ts';
import { buildPack, type BuiltPack, type PackOptions } from '../pack/build-pack.ts';
import type { Snapshot } from '../engagement/current.ts';
import type { QuotaChoice } from '../engagement/collection.ts';
import { EngineError } from './error.ts';
import { logFactsForPack } from './log-facts-for-pack.ts';
import { chosenSnapshot } from './snapshot-choice.ts';
import type { Work } from './with-engagement.ts';

/** What the caller decides about a pack; the rest comes from the engagement. */
export type PackRequest = Pick<
  PackOptions,
  'folder' | 'signer' | 'timestamp' | 'signerRoots' | 'authorityRoots' | 'names' | 'onProgress' | 'redaction'
> & { snapshot?: string };

/**
 * Builds the pack of one snapshot (the latest without a name). The tests of controls must have run on it.
 *
 * @throws EngineError NO_SNAPSHOT, OPEN_SNAPSHOT; SealError of the signer.
 */
export async function packEngagement({ db, writer }: Work, request: PackRequest): Promise<BuiltPack> {
  return buildPack(db, writer, packOptions(db, request));
}

/** What a pack is built from: what the caller decided and what the engagement says. @throws EngineError */
export function packOptions(db: ReadableDb, request: PackRequest): PackOptions {
  const { snapshot: id, ...options } = request;
  const snapshot = chosenSnapshot(db, id);
  if (!snapshot.close) {
    throw new EngineError(
      'OPEN_SNAPSHOT',
      `cannot pack snapshot ${snapshot.id}: its collection was stopped before its end. Run: keywitness collect --resume`,
    );
  }
  const settings = declared(db, 'collect.settings').findLast((d) =>
    snapshot.members.includes(d.subject),
  )?.value;
  return {
    ...options,
    snapshot: snapshot.id,
    now: new Date(),
    controls: CONTROLS,
    rulesVersion: String(RULES_VERSION),
    quotaOf: (op) => quotaText(op, settings?.quotas ?? 'provider'),
    notices: notices(db, snapshot),
    logs: logFactsForPack(db, snapshot.id),
  };
}

/** The pace kept and the provider's quota, short enough for a table. */
function quotaText(op: string, quotas: QuotaChoice): string {
  const operation = operationById(op);
  if (!operation) return 'not stated';
  return `${requestsPerSecond(operation, quotas)}/s of ${operation.quota.perSecond}/s`;
}

/** What a reader must know about the way to the provider. */
function notices(db: ReadableDb, { members }: Snapshot): string[] {
  return declared(db, 'collect.settings')
    .filter((d) => members.includes(d.subject))
    .flatMap(({ value: { network, ignoredEnvironment, quotas } }) => [
      ...(quotas === 'provider'
        ? []
        : [`Calls were paced by other quotas than the provider's: ${quotas.reason}.`]),
      ...(network.proxy ? [`Calls went through the proxy ${network.proxy}.`] : []),
      ...(network.extraCa
        ? ['A certificate authority given by the operator was trusted besides the ordinary ones.']
        : []),
      ...(network.systemCa
        ? [
            'What the operating system of the collecting computer trusts was trusted besides the ordinary authorities.',
          ]
        : []),
      ...ignoredEnvironment.map((name) => `The environment variable ${name} was set and was ignored.`),
    ])
    .filter((text, i, all) => all.indexOf(text) === i);
}
