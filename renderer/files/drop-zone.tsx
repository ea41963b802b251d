import { Upload } from 'lucide-react';
import { useState, type DragEvent, type ReactNode } from 'react';
import { pathsOf } from '../shell/open-paths.ts';
import { Button } from '../ui/button.tsx';
import { errorWords } from '../ui/error-words.ts';
import { notify } from '../ui/toast.tsx';
import { chooseFile, type FileQuestion } from './choose-file.ts';

/** A place to drop files on, with a button that does the same. */
export function DropZone({
  title,
  children,
  question,
  onPaths,
}: {
  title: string;
  children: ReactNode;
  question: FileQuestion;
  onPaths: (paths: string[]) => void;
}) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    pathsOf([...event.dataTransfer.files]).then(
      (paths) => paths.length > 0 && onPaths(paths),
      (error: unknown) => notify('Cannot take the file', errorWords(error).message, 'failed'),
    );
  };
  return (
    <div
      className="drop"
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Upload size={22} aria-hidden />
      <div>
        <p className="drop-title">{title}</p>
        <p className="small muted">{children}</p>
      </div>
      <Button onClick={() => void chooseFile(question).then((paths) => paths && onPaths(paths))}>
        Choose…
      </Button>
    </div>
  );
}
