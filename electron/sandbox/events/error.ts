/** What the sample logs refuse: `bad-option` for settings, the others for what a caller asked of a running sandbox. */
export class SampleLogError extends Error {
  readonly code: 'bad-option' | 'no-signing-key' | 'no-such-trail';
  constructor(code: SampleLogError['code'], message: string) {
    super(message);
    this.name = 'SampleLogError';
    this.code = code;
  }
}
