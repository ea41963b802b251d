/** Name of the sample company, and so of the client of its engagements. */
export const SAMPLE_COMPANY = 'Meridian Freight';
