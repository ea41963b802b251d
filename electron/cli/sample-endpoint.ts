import type { ReadableDb } from '../../db/handle.ts';
import { currentEngagement } from '../engagement/current.ts';

/**
 * The endpoint given for a source, which only a sample engagement may have: evidence must not silently come from somewhere
 * else. Null when none is given.
 */
export function sampleEndpointOf(db: ReadableDb, endpoint: string | undefined): string | null {
  if (endpoint === undefined) return null;
  if (!currentEngagement(db).sample) {
    throw new Error(
      'cannot add the source: only a sample engagement may name an endpoint, so that evidence comes from the provider ' +
        'itself. Leave --endpoint out, or create the engagement with: keywitness new --sample',
    );
  }
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new Error(
      `cannot add the source: ${endpoint} is no endpoint. Give an address, for example http://127.0.0.1:5000`,
    );
  }
  return endpoint.replace(/\/$/, '');
}
