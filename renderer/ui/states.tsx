import { CircleAlert, CircleDashed, TriangleAlert } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { copyText } from './copy-text.ts';
import { errorWords } from './error-words.ts';

/** Nothing is here, why that is, and the way on. */
export function Empty({
  title,
  children,
  actions,
}: {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="state">
      <CircleDashed size={20} aria-hidden />
      <div>
        <h3>{title}</h3>
        {children && <div className="state-words">{children}</div>}
        {actions && <div className="state-actions">{actions}</div>}
      </div>
    </div>
  );
}

/** Something could not be done: what, why, what it means for the evidence, what to do. */
export function ErrorState({
  what,
  error,
  effect,
  actions,
}: {
  what: string;
  error: unknown;
  effect?: string;
  actions?: ReactNode;
}) {
  const { message, code } = errorWords(error);
  return (
    <div className="state state-error" role="alert">
      <CircleAlert size={20} aria-hidden />
      <div>
        <h3>{what}</h3>
        <p className="state-words">{message}</p>
        {effect && <p className="state-words">{effect}</p>}
        <div className="state-actions">
          {actions}
          <Button
            look="quiet"
            onClick={() => void copyText([what, code, message].filter(Boolean).join('\n'))}
          >
            Copy details
          </Button>
        </div>
      </div>
    </div>
  );
}

/** A warning in a line: something is there, but not all of it. */
export function Partial({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <div className="partial">
      <TriangleAlert size={16} aria-hidden />
      <div className="partial-words">{children}</div>
      {actions}
    </div>
  );
}

/** Lines in place of content, after a moment: what comes quickly does not flicker. */
export function Loading({ what, lines = 4 }: { what: string; lines?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" role="status" aria-label={`Loading ${what}`}>
      {late && Array.from({ length: lines }, (_, i) => <span className="loading-line" key={i} />)}
    </div>
  );
}
