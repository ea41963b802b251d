import { join } from 'node:path';
import { settings as schema, type Settings } from '../../api/app.ts';
import { readHomeFile, writeHomeFile } from './home-file.ts';

const FIRST: Settings = {
  theme: 'system',
  reducedMotion: 'system',
  operator: null,
  timestamp: null,
  signerPath: null,
  signerRoots: [],
  trust: [],
  extraCa: null,
  lastFolder: null,
  views: {},
};

/** What is remembered between engagements. */
export class SettingsFile {
  readonly #path: string;
  #value: Settings;

  constructor(home: string) {
    this.#path = join(home, 'settings.json');
    const kept = readHomeFile(this.#path, schema.partial());
    this.#value = { ...FIRST, ...given(kept ?? {}) };
  }

  get value(): Settings {
    return this.#value;
  }

  change(change: { [K in keyof Settings]?: Settings[K] | undefined }): Settings {
    this.#value = { ...this.#value, ...given(change) };
    writeHomeFile(this.#path, this.#value);
    return this.#value;
  }
}

/** Members that are there. */
function given(change: { [K in keyof Settings]?: Settings[K] | undefined }): Partial<Settings> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
