import { useState } from 'react';
import { operatorQuestion } from '../client/session.ts';
import { useStore } from '../client/store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';

/** Asks once who is at the keyboard. Mounted once. */
export function OperatorDialog() {
  const answer = useStore(operatorQuestion);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const give = () => answer?.({ name: name.trim(), email: email.trim() || null });
  return (
    <Dialog
      open={answer !== null}
      onOpen={(open) => !open && answer?.(null)}
      title="Who is working?"
      description="Every decision is recorded under a name, and the pack prints it. You can change it in Settings."
      foot={
        <>
          <Button onClick={() => answer?.(null)}>Cancel</Button>
          <Button look="primary" disabled={name.trim() === ''} onClick={give}>
            Go on under this name
          </Button>
        </>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') give();
        }}
      >
        <TextField label="Your name" value={name} onText={setName} autoFocus />
        <TextField label="Email" hint="May be left empty." value={email} onText={setEmail} />
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
