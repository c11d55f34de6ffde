/** How long reveals take. `quantile(p)` is seconds for p in (0, 1), `cdf(seconds)` its inverse. */
export type Distribution = {
  readonly name: string;
  readonly cdf: (seconds: number) => number;
  readonly quantile: (p: number) => number;
};

type Cdf = (seconds: number) => number;

/** The model of the vendor: 10 % within seconds, 85 % around 100 s, 5 % slow, nothing past 480 s. */
export const mix = fromCdf(
  'mix',
  (x) => (x >= 480 ? 1 : 0.1 * lognormal(8, 0.5)(x) + 0.85 * lognormal(100, 0.45)(x) + 0.05 * uniform(240, 480)(x)),
  480,
);
export const exp = exponential('exp', 90);
export const uni = fromQuantile('uni', (p) => 30 + 150 * p);

/** Durations that the schedule was not tuned on. */
export const unseen: readonly Distribution[] = [
  fromCdf('two-sharp', (x) => 0.5 * gaussian(45, 2)(x) + 0.5 * gaussian(170, 2)(x), 400),
  fromCdf('three-sharp', (x) => (gaussian(22, 2)(x) + gaussian(92, 2)(x) + gaussian(245, 3)(x)) / 3, 400),
  fromCdf('two-far', (x) => 0.7 * lognormal(20, 0.3)(x) + 0.3 * lognormal(360, 0.15)(x), 1_200),
  fromQuantile('constant', () => 120),
  fromQuantile('ten-minutes', (p) => 600 + p),
  fromQuantile('weibull', (p) => 130 * (-Math.log(1 - p)) ** (1 / 3)),
  fromQuantile('heavy', (p) => Math.min(3_600, 40 * (1 - p) ** (-1 / 1.5))),
  fromCdf('fast', lognormal(12, 0.6), 300),
  fromCdf('slow', lognormal(320, 0.5), 2_400),
];

/** Not tuned on either: nothing can be learned of them, and polls spaced evenly are the best there is. */
export const memoryless: readonly Distribution[] = [exponential('exp-60', 60), exponential('exp-150', 150)];

export const named: readonly Distribution[] = [mix, exp, uni, ...unseen, ...memoryless];

/** Seconds on average. */
export function meanSeconds({ quantile }: Distribution): number {
  const steps = 20_000;
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += quantile((i + 0.5) / steps);
  return sum / steps;
}

/**
 * Somebody's own durations: `{ "name": "ours", "quantiles": [[0, 20], [0.5, 90], [1, 400]] }`, linear between the points.
 * Throws with what is wrong and how to put it right.
 */
export function parseDistribution(json: unknown): Distribution {
  const { name, quantiles } = (json ?? {}) as { name?: unknown; quantiles?: unknown };
  if (typeof name !== 'string' || name === '') throw new Error('"name" must be a non-empty string.');
  if (!Array.isArray(quantiles) || quantiles.length < 2) {
    throw new Error(
      '"quantiles" must list at least two [p, seconds] pairs, for example [[0, 20], [0.5, 90], [1, 400]].',
    );
  }
  const points = quantiles.map((pair: unknown) => {
    const [p, seconds] = Array.isArray(pair) ? pair : [];
    if (!(Number.isFinite(p) && p >= 0 && p <= 1 && Number.isFinite(seconds) && seconds >= 0)) {
      throw new Error(`${JSON.stringify(pair)} is not a [p, seconds] pair with p from 0 to 1 and seconds from 0.`);
    }
    return [p as number, seconds as number] as const;
  });
  for (let i = 1; i < points.length; i++) {
    if (points[i]![0] <= points[i - 1]![0] || points[i]![1] < points[i - 1]![1]) {
      throw new Error(
        `"quantiles" must rise: ${JSON.stringify(points[i])} comes after ${JSON.stringify(points[i - 1])}.`,
      );
    }
  }
  return fromQuantile(name, (p) => {
    const above = points.findIndex(([at]) => at >= p);
    if (above === 0) return points[0]![1];
    if (above < 0) return points.at(-1)![1];
    const [p0, x0] = points[above - 1]!;
    const [p1, x1] = points[above]!;
    return x0 + ((x1 - x0) * (p - p0)) / (p1 - p0);
  });
}

/** From a quantile function; its inverse is found by bisection. */
export function fromQuantile(name: string, quantile: (p: number) => number): Distribution {
  const cdf: Cdf = (seconds) => {
    let low = 0;
    let high = 1;
    for (let i = 0; i < 40; i++) {
      const p = (low + high) / 2;
      if (quantile(p) <= seconds) low = p;
      else high = p;
    }
    return low > 1 - 1e-9 ? 1 : low;
  };
  return { name, cdf, quantile };
}

/** From a distribution function; its quantiles come from a table, as they are drawn often. */
function fromCdf(name: string, cdf: Cdf, maxSeconds: number): Distribution {
  const steps = 8_192;
  const table = Float64Array.from({ length: steps + 1 }, (_, i) => {
    let low = 0;
    let high = maxSeconds;
    for (let k = 0; k < 40; k++) {
      const x = (low + high) / 2;
      if (cdf(x) < i / steps) low = x;
      else high = x;
    }
    return high;
  });
  const quantile = (p: number) => {
    const at = p * steps;
    const below = Math.min(steps - 1, Math.floor(at));
    return table[below]! + (at - below) * (table[below + 1]! - table[below]!);
  };
  return { name, cdf, quantile };
}

function exponential(name: string, meanSeconds: number): Distribution {
  return fromQuantile(name, (p) => -meanSeconds * Math.log(1 - p));
}

function gaussian(mean: number, deviation: number): Cdf {
  return (x) => 0.5 * (1 + erf((x - mean) / (deviation * Math.SQRT2)));
}

function lognormal(median: number, sigma: number): Cdf {
  return (x) => (x <= 0 ? 0 : gaussian(Math.log(median), sigma)(Math.log(x)));
}

function uniform(from: number, to: number): Cdf {
  return (x) => Math.min(1, Math.max(0, (x - from) / (to - from)));
}

/** Abramowitz and Stegun 7.1.26, error below 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) *
    Math.exp(-x * x);
  return Math.sign(x) * (1 - tail);
}
