import type { ReactNode } from 'react';
import { isDay } from './day.ts';
import { TextField } from './field.tsx';

/** A calendar day, UTC. */
export function DayField({
  label,
  hint,
  value,
  onDay,
}: {
  label: string;
  hint?: ReactNode;
  value: string;
  onDay: (day: string) => void;
}) {
  return (
    <TextField
      label={label}
      hint={hint}
      mono
      placeholder="YYYY-MM-DD"
      value={value}
      onText={onDay}
      error={value !== '' && !isDay(value) ? 'Give the day as YYYY-MM-DD.' : null}
    />
  );
}
