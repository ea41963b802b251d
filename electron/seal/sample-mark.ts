/** In every subject of the demo, so that no reader can take it for evidence. */
export const SAMPLE_MARK = 'SAMPLE — NOT EVIDENCE';
