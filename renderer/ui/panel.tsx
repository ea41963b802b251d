import { useId, type ReactNode } from 'react';
import { ErrorBoundary } from './error-boundary.tsx';

interface Props {
  title: string;
  /** A sentence under the title. */
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Content without padding: tables and pictures reach the edges. */
  flush?: boolean;
  className?: string;
}

/** One part of a screen. What breaks inside it breaks alone. */
export function Panel({ title, note, actions, children, flush = false, className = '' }: Props) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <div>
          <h2 id={id}>{title}</h2>
          {note && <p className="panel-note">{note}</p>}
        </div>
        {actions && <div className="panel-actions">{actions}</div>}
      </header>
      <div className={flush ? 'panel-body panel-flush' : 'panel-body'}>
        <ErrorBoundary place={title}>{children}</ErrorBoundary>
      </div>
    </section>
  );
}

/** A screen: its title, what it is for, what can be done, and its parts. */
export function Screen({
  title,
  lead,
  actions,
  children,
  fill = false,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** The content takes the height that is there and scrolls inside itself. */
  fill?: boolean;
}) {
  return (
    <div className={fill ? 'screen screen-fill' : 'screen'}>
      <header className="screen-head">
        <div>
          <h1 tabIndex={-1}>{title}</h1>
          {lead && <p className="screen-lead">{lead}</p>}
        </div>
        {actions && <div className="screen-actions">{actions}</div>}
      </header>
      <ErrorBoundary place={title}>{children}</ErrorBoundary>
    </div>
  );
}
