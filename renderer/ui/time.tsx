import { localTime, utcDay, utcTime } from './format.ts';
import { Hint } from './tooltip.tsx';

/** An instant in UTC; the machine's own time is in the hint. A dash with words when there is none. */
export function Time({
  at,
  day = false,
  none = 'none',
}: {
  at: string | number | null;
  day?: boolean;
  none?: string;
}) {
  if (at === null) return <span className="none">{none}</span>;
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return <span>{String(at)}</span>;
  return (
    <Hint text={`${localTime(at)} on this machine`}>
      <time className="time" dateTime={date.toISOString()}>
        {day ? utcDay(at) : utcTime(at)}
        <span className="time-zone"> UTC</span>
      </time>
    </Hint>
  );
}
