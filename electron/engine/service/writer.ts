import { workerData } from 'node:worker_threads';
import { browserCamera } from '../../capture/browser-camera.ts';
import { distantCamera } from '../../capture/camera.ts';
import { currentEngagement } from '../../engagement/current.ts';
import { works } from '../works/index.ts';
import type { Bench } from '../works/work.ts';
import { FileBlobs, type BlobRequest } from './blobs.ts';
import { Jobs } from './jobs.ts';
import { RecentEngagements } from './recent.ts';
import { Refusal } from './refusal.ts';
import { startSample, type SampleEnvironment } from './sample.ts';
import { Session } from './session.ts';
import { SettingsFile } from './settings.ts';
import { StampingQueue } from './stamping-queue.ts';
import { serveThread, type ThreadHandlers } from './thread.ts';

/* The writer's thread: holds the open engagement and does everything that changes it, or takes long. */

const { home, camera } = workerData as { home: string; camera: boolean };
const handlers: ThreadHandlers = {};
const thread = serveThread(() => handlers);
const recent = new RecentEngagements(home);
const session = new Session({
  tell: (event) => thread.tell(event),
  readersUse: async (file) => void (await thread.ask({ readersUse: file })),
  recent,
});

let sample: Promise<SampleEnvironment> | null = null;
let running: SampleEnvironment | null = null;

const bench: Bench = {
  home,
  session,
  recent,
  jobs: new Jobs((event) => thread.tell(event)),
  settings: new SettingsFile(home),
  queue: new StampingQueue(home),
  blobs: new FileBlobs(),
  packs: [],
  preview: null,
  openSample: () => (session.file !== null && currentEngagement(session.db).sample ? running : null),
  async sample() {
    if (session.file !== null && !currentEngagement(session.db).sample && !openingSample()) {
      throw new Refusal(
        'refused',
        'NOT_SAMPLE',
        'cannot use the sample environment: the open engagement is a real one.',
      );
    }
    sample ??= startSample();
    try {
      return (running = await sample);
    } catch (error) {
      sample = null;
      throw error;
    }
  },
  camera: () => (camera ? distantCamera((ask) => thread.ask({ camera: ask })) : browserCamera()),
  signIns: new Map(),
  tell: (event) => thread.tell(event),
};

const openingSample = (): boolean => bench.jobs.exclusive()?.kind === 'sample';

for (const [name, work] of Object.entries(works)) {
  handlers[name] = (input: never, context) => work(bench, input, context);
}
handlers.blob = (request: BlobRequest) => bench.blobs.read(request);
handlers.shutdown = async () => {
  await bench.jobs.end();
  await session.close();
  await running?.close();
  return {};
};
