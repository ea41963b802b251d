import { useState } from 'react';
import { useStore } from '../../client/store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { secretOf, secretQuestion } from './secrets.ts';

/** Asks for tokens and passwords when a sign-in needs them. Mounted once. */
export function SecretDialog() {
  const question = useStore(secretQuestion);
  return question && <Asked question={question} />;
}

function Asked({ question }: { question: NonNullable<ReturnType<typeof secretQuestion.get>> }) {
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const give = () =>
    question.answer(Object.fromEntries(Object.entries(secrets).filter(([, secret]) => secret !== '')));
  return (
    <Dialog
      open
      onOpen={() => question.answer(null)}
      title="Sign in"
      description="Used for this one call and stored nowhere. Left empty, it is taken from the environment that Keywitness was started in."
      foot={
        <>
          <Button onClick={() => question.answer(null)}>Cancel</Button>
          <Button look="primary" onClick={give}>
            Go on
          </Button>
        </>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          give();
        }}
      >
        {question.sources.map((source) => {
          const { label, variable } = secretOf(source)!;
          return (
            <TextField
              key={source.id}
              type="password"
              label={`${label} for ${source.title}`}
              hint={`Empty: ${variable}`}
              value={secrets[source.id] ?? ''}
              onText={(secret) => setSecrets({ ...secrets, [source.id]: secret })}
            />
          );
        })}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
