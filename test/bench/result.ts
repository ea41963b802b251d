/** One measured figure: what it took, what the floor took in the same run, and what is aimed at. */
export interface Measure {
  name: string;
  /** Seconds. */
  seconds: number;
  /** Seconds for the floor; null when there is none. */
  floorSeconds: number | null;
  /** Ratio aimed at, or seconds where there is no floor; null when there is no aim. */
  target: number | null;
  /** Highest resident memory of the process while it ran, MB (10⁶ bytes); null when it was not watched. */
  peakMB: number | null;
  /** Highest memory aimed at, MB. */
  memoryTarget: number | null;
  note: string;
}

/** Several runs of one figure: the run with the median ratio (without a floor: the median time), and all ratios. */
export interface Figure extends Measure {
  ratio: number | null;
  /** Of every run, lowest first: ratios, or seconds where there is no floor. */
  all: number[];
  met: boolean | null;
}

const valueOf = (m: Measure): number => (m.floorSeconds === null ? m.seconds : m.seconds / m.floorSeconds);

/** Puts the runs of one figure together. The highest memory of all runs counts, not the median. */
export function median(runs: readonly Measure[]): Figure {
  const sorted = [...runs].sort((a, b) => valueOf(a) - valueOf(b));
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]!;
  const peaks = runs.flatMap((r) => r.peakMB ?? []);
  const peakMB = peaks.length > 0 ? Math.max(...peaks) : null;
  const { target, memoryTarget } = middle;
  const value = valueOf(middle);
  const aims = [
    ...(target === null ? [] : [value <= target]),
    ...(memoryTarget === null || peakMB === null ? [] : [peakMB <= memoryTarget]),
  ];
  return {
    ...middle,
    peakMB,
    ratio: middle.floorSeconds === null ? null : value,
    all: sorted.map(valueOf),
    met: aims.length > 0 ? aims.every(Boolean) : null,
  };
}

/** One figure in words. */
export function describe(f: Figure): string {
  const { ratio, floorSeconds, target, peakMB, memoryTarget } = f;
  const runs = f.all.length > 1 ? ` (${f.all.map((v) => v.toFixed(2)).join(', ')})` : '';
  const against =
    ratio === null
      ? `${target === null ? '' : `, target ${target} s`}${runs}`
      : `, ${ratio.toFixed(2)} × the floor of ${floorSeconds!.toFixed(2)} s${runs}${target === null ? '' : `, target ${target}`}`;
  const memory =
    peakMB === null
      ? ''
      : `, peak ${peakMB.toFixed(0)} MB${memoryTarget === null ? '' : `, target ${memoryTarget}`}`;
  const mark = f.met === null ? '     ' : f.met ? 'met  ' : 'MISS ';
  return `${mark} ${f.name}: ${f.seconds.toFixed(2)} s${against}${memory}\n      ${f.note}`;
}
