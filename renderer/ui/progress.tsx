import { Progress } from '@base-ui/react/progress';

/** How far something is; `value` is null when nobody can know. */
export function ProgressBar({
  label,
  value,
  max,
  text,
}: {
  label: string;
  value: number | null;
  max: number;
  text: string;
}) {
  return (
    <Progress.Root
      className="progress"
      value={value === null ? null : Math.min(value, Math.max(max, 1))}
      max={Math.max(max, 1)}
      aria-valuetext={text}
    >
      <div className="progress-words">
        <Progress.Label className="progress-label">{label}</Progress.Label>
        <span className="progress-text">{text}</span>
      </div>
      <Progress.Track className="progress-track">
        <Progress.Indicator className="progress-fill" />
      </Progress.Track>
    </Progress.Root>
  );
}
