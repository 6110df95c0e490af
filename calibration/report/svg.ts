/** Plain SVG plots: points on log axes, bars. No script, readable in light and dark. */

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly series: string;
}

const colours = ['#0f766e', '#b45309', '#1d4ed8', '#be123c', '#6d28d9', '#4d7c0f', '#0e7490', '#a21caf'];
const width = 640;
const height = 420;
const margin = { left: 64, right: 150, top: 36, bottom: 48 };

const f = (x: number) => x.toFixed(1);
const escapeXml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

function frame(title: string, body: string, xLabel: string, yLabel: string): string {
  const cx = (margin.left + width - margin.right) / 2;
  const cy = (margin.top + height - margin.bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${margin.left}" y="20" font-size="13" font-weight="600" fill="#111">${escapeXml(title)}</text>`,
    body,
    `<text x="${cx}" y="${height - 10}" text-anchor="middle" fill="#333">${escapeXml(xLabel)}</text>`,
    `<text transform="translate(14 ${cy}) rotate(-90)" text-anchor="middle" fill="#333">${escapeXml(yLabel)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function thin(points: readonly Point[], most: number): readonly Point[] {
  const step = Math.ceil(points.length / most);
  return points.filter((_, i) => i % step === 0);
}

function legend(names: readonly string[]): string {
  return names
    .map((name, i) => {
      const y = margin.top + 8 + i * 16;
      const x = width - margin.right + 12;
      return `<circle cx="${x}" cy="${y}" r="4" fill="${colours[i % colours.length]}"/><text x="${x + 9}" y="${y + 4}" fill="#333">${escapeXml(name)}</text>`;
    })
    .join('\n');
}

/** y against x on log axes with the diagonal: predicted against measured. */
export function scatterLog(title: string, points: readonly Point[], xLabel: string, yLabel: string): string {
  const shown = thin(points, 900);
  const values = shown.flatMap((p) => [p.x, p.y]);
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  const right = width - margin.right;
  const bottom = height - margin.bottom;
  const px = (v: number) => margin.left + ((Math.log10(v) - low) / (high - low)) * (right - margin.left);
  const py = (v: number) => bottom - ((Math.log10(v) - low) / (high - low)) * (bottom - margin.top);
  const names = [...new Set(points.map((p) => p.series))];
  const grid: string[] = [];
  for (let e = low; e <= high; e++) {
    const x = f(px(10 ** e));
    const y = f(py(10 ** e));
    grid.push(`<path d="M${x} ${margin.top}V${bottom}M${margin.left} ${y}H${right}" stroke="#ddd"/>`);
    grid.push(
      `<text x="${x}" y="${bottom + 14}" text-anchor="middle" fill="#555">1e${e}</text><text x="${margin.left - 6}" y="${y}" text-anchor="end" dy="4" fill="#555">1e${e}</text>`,
    );
  }
  const dots = shown.map(
    (p) =>
      `<circle cx="${f(px(p.x))}" cy="${f(py(p.y))}" r="2" fill="${colours[names.indexOf(p.series) % colours.length]}" fill-opacity=".5"/>`,
  );
  const diagonal = `<path d="M${margin.left} ${bottom}L${right} ${margin.top}" stroke="#111" stroke-dasharray="4 3"/>`;
  return frame(title, [...grid, ...dots, diagonal, legend(names)].join('\n'), xLabel, yLabel);
}

/** Measured / predicted against size, with the band between `low` and `high`. */
export function residuals(title: string, points: readonly Point[], low: number, high: number, xLabel: string): string {
  const shown = thin(points, 900);
  const xs = shown.map((p) => p.x);
  const x0 = Math.floor(Math.log10(Math.min(...xs)));
  const x1 = Math.ceil(Math.log10(Math.max(...xs)));
  const right = width - margin.right;
  const bottom = height - margin.bottom;
  const px = (v: number) => margin.left + ((Math.log10(v) - x0) / (x1 - x0)) * (right - margin.left);
  const py = (v: number) => bottom - ((Math.log2(Math.max(0.25, Math.min(4, v))) + 2) / 4) * (bottom - margin.top);
  const names = [...new Set(points.map((p) => p.series))];
  const ticks = [0.25, 0.5, 1, 2, 4].map(
    (v) =>
      `<path d="M${margin.left} ${f(py(v))}H${right}" stroke="#ddd"/><text x="${margin.left - 6}" y="${f(py(v))}" dy="4" text-anchor="end" fill="#555">${v}</text>`,
  );
  const decades = Array.from(
    { length: x1 - x0 + 1 },
    (_, i) =>
      `<text x="${f(px(10 ** (x0 + i)))}" y="${bottom + 14}" text-anchor="middle" fill="#555">1e${x0 + i}</text>`,
  );
  const strip = `<rect x="${margin.left}" y="${f(py(high))}" width="${right - margin.left}" height="${f(py(low) - py(high))}" fill="#0f766e" fill-opacity=".12"/>`;
  const dots = shown.map(
    (p) =>
      `<circle cx="${f(px(p.x))}" cy="${f(py(p.y))}" r="2" fill="${colours[names.indexOf(p.series) % colours.length]}" fill-opacity=".5"/>`,
  );
  return frame(title, [strip, ...ticks, ...decades, ...dots, legend(names)].join('\n'), xLabel, 'measured / predicted');
}

/** Coverage per family against the 85 to 95 % wanted. */
export function coverageBars(title: string, rows: readonly { name: string; coverage: number }[]): string {
  const left = 190;
  const right = width - 60;
  const step = (height - margin.top - margin.bottom) / rows.length;
  const px = (v: number) => left + (v - 0.5) * 2 * (right - left);
  const strip = `<rect x="${f(px(0.85))}" y="${margin.top}" width="${f(px(0.95) - px(0.85))}" height="${height - margin.top - margin.bottom}" fill="#0f766e" fill-opacity=".15"/>`;
  const bars = rows.map((row, i) => {
    const y = margin.top + i * step + step * 0.2;
    const end = Math.max(px(row.coverage), left);
    return `<rect x="${left}" y="${f(y)}" width="${f(end - left)}" height="${f(step * 0.6)}" fill="#1d4ed8" fill-opacity=".7"/><text x="${left - 6}" y="${f(y + step * 0.4)}" text-anchor="end" fill="#333">${escapeXml(row.name)}</text><text x="${f(end + 4)}" y="${f(y + step * 0.4)}" fill="#333">${(row.coverage * 100).toFixed(0)} %</text>`;
  });
  return frame(
    title,
    [strip, ...bars].join('\n'),
    'share of left-out rows inside the 90 % interval (shaded: 85 to 95 %)',
    '',
  );
}
