import { z } from 'zod';

/** Id of a source: it names files in the pack. */
export const sourceId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'use small letters, digits and hyphens, at most 40, for example aws-production',
  );
