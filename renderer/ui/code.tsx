import { CopyButton } from './identifier.tsx';

/** A text as it is, scrolled in its own frame, to be copied whole. */
export function Code({ title, text }: { title: string; text: string }) {
  return (
    <div className="code">
      <div className="code-bar">
        <span>{title}</span>
        <CopyButton text={text} label={`Copy ${title}`} />
      </div>
      <pre tabIndex={0} role="region" aria-label={title}>
        {text}
      </pre>
    </div>
  );
}
