import { X } from 'lucide-react';
import type { ReactNode } from 'react';

/** One filter in force, with the way to take it off. */
export function Chip({ label, value, onRemove }: { label: string; value: ReactNode; onRemove: () => void }) {
  return (
    <span className="chip">
      <span className="chip-label">{label}</span>
      <span className="chip-value">{value}</span>
      <button type="button" className="chip-remove" aria-label={`Remove filter ${label}`} onClick={onRemove}>
        <X size={13} aria-hidden />
      </button>
    </span>
  );
}
