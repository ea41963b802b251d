import { SealError } from '../error.ts';
import type { TimestampOptions } from './client.ts';

/** Seals with a timestamp where one can be had; otherwise without, saying why. Errors of the signer are thrown. */
export async function withOrWithoutTime<T extends object>(
  timestamp: TimestampOptions | null,
  work: (timestamp: TimestampOptions | null) => Promise<T>,
): Promise<T & { pending: string | null }> {
  if (timestamp === null) return { ...(await work(null)), pending: 'no timestamp authority was given' };
  try {
    return { ...(await work(timestamp)), pending: null };
  } catch (error) {
    if (!(error instanceof SealError) || !error.code.startsWith('TSA_')) throw error;
    return { ...(await work(null)), pending: error.message };
  }
}
