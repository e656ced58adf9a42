/** Plain charts as SVG, readable on a light and on a dark page. */
export type Series = { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] };
export type Chart = { readonly title: string; readonly x: string; readonly series: readonly Series[] };

const [WIDTH, HEIGHT] = [640, 320];
const [LEFT, TOP, RIGHT, BOTTOM] = [64, 44, 130, 48];
const TICKS = 4;
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-weight: 600; font-size: 14px }
  .grid { stroke: #8c959f; stroke-opacity: .35 } .line { fill: none; stroke-width: 2 }
  .s0 { stroke: #0969da; color: #0969da } .s1 { stroke: #cf222e; color: #cf222e }
  .s2 { stroke: #1a7f37; color: #1a7f37 } .s3 { stroke: #8250df; color: #8250df } .dot { fill: currentColor }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .s0 { stroke: #58a6ff; color: #58a6ff } .s1 { stroke: #ff7b72; color: #ff7b72 }
    .s2 { stroke: #3fb950; color: #3fb950 } .s3 { stroke: #bc8cff; color: #bc8cff }
  }`;

/** The points of an axis stand side by side, since they grow by factors; the height begins at 0. */
export function lineChart({ title, x, series }: Chart): string {
  const xs = [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))].toSorted((a, b) => a - b);
  const top = roundUp(Math.max(...series.flatMap(({ points }) => points.map(([, y]) => y))));
  const across = (at: number) => LEFT + ((xs.indexOf(at) + 0.5) / xs.length) * (WIDTH - LEFT - RIGHT);
  const up = (y: number) => HEIGHT - BOTTOM - (y / top) * (HEIGHT - TOP - BOTTOM);
  const labels = spread(series.map(({ points }) => up(points.at(-1)?.[1] ?? 0)));
  return svg(`${title}, by ${x}`, [
    label(title, LEFT, 24, 'title'),
    ...Array.from({ length: TICKS + 1 }, (_, tick) => gridLine((top * tick) / TICKS, up)),
    ...xs.map((at) => label(at.toLocaleString('en'), across(at), HEIGHT - BOTTOM + 18, 'tick', 'middle')),
    label(x, LEFT + (WIDTH - LEFT - RIGHT) / 2, HEIGHT - 10, 'tick', 'middle'),
    ...series.map(({ points }, at) =>
      lineOf(
        points.map(([px, py]) => [across(px), up(py)]),
        at,
      ),
    ),
    ...series.map(({ name }, at) => label(name, WIDTH - RIGHT + 8, (labels[at] ?? 0) + 4, 'tick')),
  ]);
}

function gridLine(value: number, up: (y: number) => number): string {
  const y = up(value).toFixed(1);
  const line = `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>`;
  return line + label(value.toLocaleString('en'), LEFT - 8, up(value) + 4, 'tick', 'end');
}

function lineOf(points: readonly (readonly number[])[], at: number): string {
  const places = points.map(([x = 0, y = 0]) => [x.toFixed(1), y.toFixed(1)] as const);
  const dots = places.map(([x, y]) => `<circle class="dot" cx="${x}" cy="${y}" r="3"/>`).join('');
  return `<g class="s${at}"><polyline class="line" points="${places.map((one) => one.join()).join(' ')}"/>${dots}</g>`;
}

const label = (words: string, x: number, y: number, kind: string, anchor = 'start'): string =>
  `<text class="${kind}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(words)}</text>`;

const svg = (title: string, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
${parts.join('\n')}
</svg>
`;

const LINE_HEIGHT = 16;

/** Names that would lie upon each other, moved down until they do not. */
export function spread(heights: readonly number[]): number[] {
  const places = [...heights];
  const order = places.map((_, at) => at).toSorted((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  let least = Number.NEGATIVE_INFINITY;
  for (const at of order) {
    places[at] = Math.max(heights[at] ?? 0, least);
    least = (places[at] ?? 0) + LINE_HEIGHT;
  }
  return places;
}

/** Of its power of ten, so that a quarter of it is a short number. */
const TOPS = [1, 1.2, 1.6, 2, 3.2, 4, 6, 8, 10];

export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (TOPS.find((step) => step * power >= value) ?? 10);
}

const escaped = (words: string): string => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
