// Median, range and growth exponent of measured values. Pure.

export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

/** Throws if there are no values. */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new RangeError("there are no values to summarize");
  return { median: median(sorted), least, most, count: sorted.length };
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** The exponent b of value = a * N^b: the slope of the least-squares line through both logarithms. */
export function growthExponent(points: readonly (readonly [n: number, value: number])[]): number {
  const logs = points.filter(([, value]) => value > 0).map(([n, value]) => [Math.log(n), Math.log(value)] as const);
  const mean = (pick: 0 | 1) => logs.reduce((sum, log) => sum + log[pick], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const slope =
    logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
  return logs.length < 2 ? NaN : slope;
}
