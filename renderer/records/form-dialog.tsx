import { useState, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { record } from './recording.ts';

/** A form that makes one record. It stays open, with what was entered, when the record is refused. */
export function FormDialog({
  title,
  description,
  action,
  failed,
  ready,
  onSubmit,
  onClose,
  place,
  children,
}: {
  title: string;
  description?: ReactNode;
  /** On the button that makes the record. */
  action: string;
  /** Title of the message when it cannot be made. */
  failed: string;
  /** Whether enough was entered. */
  ready: boolean;
  onSubmit: () => Promise<void>;
  onClose: (done: boolean) => void;
  place?: 'middle' | 'wide';
  children: ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    if (!ready || busy) return;
    setBusy(true);
    const done = await record(failed, onSubmit);
    setBusy(false);
    if (done) onClose(true);
  };
  return (
    <Dialog
      open
      onOpen={(open) => !open && onClose(false)}
      title={title}
      description={description}
      {...(place ? { place } : {})}
      foot={
        <>
          <Button onClick={() => onClose(false)}>Cancel</Button>
          <Button look="primary" busy={busy} disabled={!ready} onClick={() => void submit()}>
            {action}
          </Button>
        </>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        {/* Enter in a field sends the form; the button that does so is at the dialog's foot. */}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
