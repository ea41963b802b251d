import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { copyText } from './copy-text.ts';

/** Characters at the end that always stay in view: the part that tells ids apart. */
const TAIL = 12;

/** An id, cut in its middle when there is no room. The whole is in the hint, is selected whole and copied whole. */
export function Identifier({
  value,
  copy = true,
  tail = TAIL,
}: {
  value: string;
  copy?: boolean;
  tail?: number;
}) {
  const cut = value.length > tail * 2 ? value.length - tail : value.length;
  return (
    <span className="id">
      <span className="id-text" title={value}>
        <span className="id-head">{value.slice(0, cut)}</span>
        {cut < value.length && <span className="id-tail">{value.slice(cut)}</span>}
      </span>
      {copy && <CopyButton text={value} label={`Copy ${value}`} />}
    </span>
  );
}

/** Puts a text on the clipboard and shows for a moment that it did. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [done, setDone] = useState(false);
  const Icon = done ? Check : Copy;
  return (
    <button
      type="button"
      className="copy"
      aria-label={done ? 'Copied' : label}
      onClick={(event) => {
        event.stopPropagation();
        void copyText(text).then((copied) => {
          setDone(copied);
          setTimeout(() => setDone(false), 1500);
        });
      }}
    >
      <Icon size={13} aria-hidden />
    </button>
  );
}
