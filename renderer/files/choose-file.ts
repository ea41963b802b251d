import { invoke } from '../client/query.ts';
import { Store } from '../client/store.ts';

/** What to choose. */
export interface FileQuestion {
  kind: 'open' | 'save' | 'folder';
  title: string;
  multiple?: boolean;
  extensions?: string[];
  /** Name proposed for a file to save. */
  suggested?: string;
}

/** The question that the window's own dialog asks, where the host has none. */
export const fileQuestion = new Store<{
  question: FileQuestion;
  answer: (paths: string[] | null) => void;
} | null>(null);

/** Asks for files or a folder: the system's own dialog, or ours in a browser. Null when nothing was chosen. */
export async function chooseFile(question: FileQuestion): Promise<string[] | null> {
  const { can } = await invoke('app.info', {});
  if (can.choose) {
    const { paths } = await invoke('host.choose', { ...question, suggested: question.suggested ?? null });
    return paths;
  }
  const paths = await new Promise<string[] | null>((answer) => fileQuestion.set({ question, answer }));
  fileQuestion.set(null);
  return paths;
}
