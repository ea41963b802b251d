import { CornerLeftUp, File as FileIcon, Folder } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from '../client/query.ts';
import { useStore } from '../client/store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { bytes, utcTime } from '../ui/format.ts';
import { Shown } from '../ui/shown.tsx';
import { Empty } from '../ui/states.tsx';
import { fileQuestion, type FileQuestion } from './choose-file.ts';

/** The machine's own files, chosen through the engine: a browser has no dialog that gives paths. Mounted once. */
export function FileDialog() {
  const asked = useStore(fileQuestion);
  if (!asked) return null;
  return <Asked question={asked.question} answer={asked.answer} />;
}

function Asked({ question, answer }: { question: FileQuestion; answer: (paths: string[] | null) => void }) {
  const [folder, setFolder] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string[]>([]);
  const [name, setName] = useState(question.suggested ?? '');
  const extensions = question.kind === 'folder' ? [] : (question.extensions ?? []);
  const listing = useQuery('files.list', { folder, extensions });
  const here = listing.data?.folder ?? '';
  const result =
    question.kind === 'folder' ? [here] : question.kind === 'save' ? [joined(here, name.trim())] : chosen;
  const ready =
    question.kind === 'save' ? name.trim() !== '' && here !== '' : result.length > 0 && result[0] !== '';
  const enter = (path: string) => {
    setFolder(path);
    setChosen([]);
  };

  return (
    <Dialog
      open
      onOpen={() => answer(null)}
      title={question.title}
      place="wide"
      foot={
        <>
          <Button onClick={() => answer(null)}>Cancel</Button>
          <Button look="primary" disabled={!ready} onClick={() => answer(result)}>
            {question.kind === 'save' ? 'Save here' : question.kind === 'folder' ? 'Use this folder' : 'Open'}
          </Button>
        </>
      }
    >
      {question.kind === 'save' && <TextField label="File name" value={name} onText={setName} />}
      <Shown query={listing} what="the folder">
        {(data) => (
          <div className="file-list">
            <nav aria-label="Places" className="file-places">
              {data.places.map((place) => (
                <button
                  type="button"
                  className="file-place"
                  key={place.path}
                  onClick={() => enter(place.path)}
                >
                  {place.name}
                </button>
              ))}
            </nav>
            <div className="file-entries">
              <p className="file-here mono">{data.folder}</p>
              <ul aria-label="Files and folders">
                {data.parent !== null && (
                  <li>
                    <button type="button" className="file-entry" onClick={() => enter(data.parent!)}>
                      <CornerLeftUp size={15} aria-hidden /> Folder above
                    </button>
                  </li>
                )}
                {data.entries
                  .filter((entry) => entry.folder || question.kind !== 'folder')
                  .map((entry) => (
                    <li key={entry.path}>
                      <button
                        type="button"
                        className="file-entry"
                        aria-pressed={entry.folder ? undefined : chosen.includes(entry.path)}
                        onDoubleClick={() =>
                          !entry.folder && question.kind === 'open' && answer([entry.path])
                        }
                        onClick={() => {
                          if (entry.folder) enter(entry.path);
                          else if (question.kind === 'save') setName(entry.name);
                          else setChosen(question.multiple ? toggled(chosen, entry.path) : [entry.path]);
                        }}
                      >
                        {entry.folder ? <Folder size={15} aria-hidden /> : <FileIcon size={15} aria-hidden />}
                        <span className="clip">{entry.name}</span>
                        <span className="file-meta">
                          {entry.folder
                            ? ''
                            : `${bytes(entry.bytes)}  ${utcTime(entry.modified).slice(0, 16)}`}
                        </span>
                      </button>
                    </li>
                  ))}
              </ul>
              {data.entries.length === 0 && (
                <Empty title="Nothing to choose here">
                  {extensions.length > 0
                    ? `No folders and no files that end in ${extensions.map((e) => `.${e}`).join(', ')}.`
                    : 'The folder is empty.'}
                </Empty>
              )}
            </div>
          </div>
        )}
      </Shown>
    </Dialog>
  );
}

function toggled(list: readonly string[], item: string): string[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}

/** A path in the style of the folder it lies in: the engine may run on Windows. */
export function joined(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return folder.endsWith(separator) ? `${folder}${name}` : `${folder}${separator}${name}`;
}
