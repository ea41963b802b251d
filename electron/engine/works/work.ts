import type { NamesIn, OutputOf, ParsedInputOf } from '../../api/contract.ts';
import type { PreviewedPack } from '../preview-pack.ts';
import type { FileBlobs } from '../service/blobs.ts';
import type { Jobs } from '../service/jobs.ts';
import type { RecentEngagements } from '../service/recent.ts';
import type { SampleEnvironment } from '../service/sample.ts';
import type { Session } from '../service/session.ts';
import type { SettingsFile } from '../service/settings.ts';
import type { StampingQueue } from '../service/stamping-queue.ts';
import type { CallContext } from '../service/thread.ts';
import type { BuiltPackResult } from '../../api/pack.ts';
import type { ApiEvent } from '../../api/events.ts';
import type { Camera } from '../../capture/camera.ts';

/** What the engine's methods work with. */
export interface Bench {
  home: string;
  session: Session;
  jobs: Jobs;
  settings: SettingsFile;
  /** Packs that wait for their time. */
  queue: StampingQueue;
  recent: RecentEngagements;
  blobs: FileBlobs;
  /** Packs built in this session. */
  packs: BuiltPackResult[];
  /** The pack last previewed, until it is built or the engagement is closed. */
  preview: PreviewedPack | null;
  /** The sample environment if it runs and its engagement is open. */
  openSample(): SampleEnvironment | null;
  /** The sample environment, started when first asked for. @throws Refusal NOT_SAMPLE in a real engagement */
  sample(): Promise<SampleEnvironment>;
  /** A camera for the providers' consoles. @throws Error when there is nothing to take pictures with */
  camera(): Camera;
  /** Captures that wait until the operator has signed in, by job. */
  signIns: Map<string, () => void>;
  tell(event: ApiEvent): void;
}

/** The engine's methods of one noun, each of the type that the contract gives it. */
export type Works<N extends NamesIn<'engine'>> = {
  [K in N]: (
    bench: Bench,
    input: ParsedInputOf<K>,
    context: CallContext,
  ) => OutputOf<K> | Promise<OutputOf<K>>;
};
