/** Mean delay against load as an SVG, made by hand: the delay axis is logarithmic. */
export type Series = {
  readonly name: string;
  readonly points: readonly (readonly [perMinute: number, delaySeconds: number])[];
};

const width = 760;
const height = 440;
const left = 64;
const right = 190;
const top = 48;
const bottom = 56;
const colours = ['#b45309', '#a16207', '#be185d', '#2563eb', '#047857', '#111827'];

export function plot(series: readonly Series[]): string {
  const loads = series.flatMap(({ points }) => points.map(([load]) => load));
  const maxX = Math.max(...loads);
  const [minY, maxY] = [1, 1_000];
  const x = (load: number) => left + ((width - left - right) * load) / maxX;
  const y = (delay: number) =>
    height -
    bottom -
    ((height - top - bottom) * Math.log(Math.min(maxY, Math.max(minY, delay)) / minY)) / Math.log(maxY / minY);
  const yTicks = [1, 3, 10, 30, 100, 300, 1_000].map(
    (delay) =>
      `<line x1="${left}" x2="${width - right}" y1="${at(y(delay))}" y2="${at(y(delay))}" stroke="#e5e7eb"/>` +
      `<text x="${left - 8}" y="${at(y(delay) + 4)}" text-anchor="end">${delay}</text>`,
  );
  const xTicks = [...new Set(loads)].map(
    (load) => `<text x="${at(x(load))}" y="${height - bottom + 20}" text-anchor="middle">${load}</text>`,
  );
  const lines = series.map(({ name, points }, i) => {
    const colour = colours[i % colours.length]!;
    const path = points.map(([load, delay]) => `${at(x(load))},${at(y(delay))}`).join(' ');
    const dashed = name === 'bound' ? ' stroke-dasharray="5 4"' : '';
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="${name === 'relay' ? 3 : 1.8}"${dashed}/>`;
  });
  const labels = spread(series.map(({ points }) => y(points.at(-1)![1]))).map(
    (labelY, i) =>
      `<text x="${width - right + 10}" y="${at(labelY + 4)}" fill="${colours[i % colours.length]!}">${series[i]!.name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#374151" role="img" aria-labelledby="title">
<title id="title">Mean detection delay against load, for each policy and the bound</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="${left}" y="24" font-size="15" fill="#111827">Mean delay from finished to known, seconds (log)</text>
${yTicks.join('\n')}
${xTicks.join('\n')}
<text x="${at((left + width - right) / 2)}" y="${height - 14}" text-anchor="middle">reveals started per minute</text>
${lines.join('\n')}
${labels.join('\n')}
</svg>
`;
}

const at = (value: number) => value.toFixed(1);

/** Moves labels apart that would overlap, keeping their order. */
function spread(wanted: readonly number[]): number[] {
  const order = wanted.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y);
  for (let k = 1; k < order.length; k++) order[k]!.y = Math.max(order[k]!.y, order[k - 1]!.y + 17);
  const placed: number[] = [];
  for (const { y, i } of order) placed[i] = y;
  return placed;
}
