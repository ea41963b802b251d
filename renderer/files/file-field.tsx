import { FolderOpen } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { chooseFile, type FileQuestion } from './choose-file.ts';

/** A path, typed or chosen. */
export function FileField({
  label,
  hint,
  error,
  value,
  onPath,
  question,
}: {
  label: string;
  hint?: string;
  error?: string | null;
  value: string;
  onPath: (path: string) => void;
  question: FileQuestion;
}) {
  return (
    <div className="file-field">
      <TextField label={label} hint={hint} error={error ?? null} value={value} onText={onPath} mono />
      <Button
        icon={FolderOpen}
        aria-label={`Choose: ${label}`}
        onClick={() => void chooseFile(question).then((paths) => paths?.[0] && onPath(paths[0]))}
      >
        Choose…
      </Button>
    </div>
  );
}
