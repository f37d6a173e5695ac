import { escaped } from '../dialer/markup.ts';

interface Bar {
  readonly label: string;
  /** Null: there was nothing to tell. */
  readonly value: number | null;
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [720, 150, 62, 24, 10];
/** So many bars have their name written below. */
const LABELS = 8;
const LONGEST = 16;

interface Drawn {
  readonly title: string;
  readonly unit: string;
}

/** The top of the scale: all of it for shares, else the next number that is easily halved. */
function topOf(unit: string, most: number): number {
  if (unit === 'share') return Math.max(1, most);
  const step = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  return [2, 4, 6, 8, 10].map((times) => times * step).find((top) => top >= most) ?? most;
}

/** A bar for each, with its value for who points at it, and a scale of three lines. */
export function columns({ title, unit }: Drawn, bars: readonly Bar[], written: (value: number) => string): string {
  const most = topOf(unit, Math.max(...bars.map(({ value }) => value ?? 0)));
  const y = (value: number) => HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - TOP);
  const step = (WIDTH - LEFT) / bars.length;
  const wide = Math.min(step * 0.8, 48);
  const each = Math.ceil(bars.length / LABELS);
  const drawn = bars.map(({ label, value }, index) => {
    const x = LEFT + index * step + (step - wide) / 2;
    const told = `${label}: ${value === null ? 'nothing' : written(value)}`;
    const bar = `<rect x="${x.toFixed(1)}" y="${y(value ?? 0).toFixed(1)}" width="${wide.toFixed(1)}" height="${(y(0) - y(value ?? 0)).toFixed(1)}" fill="#456"><title>${escaped(told)}</title></rect>`;
    const name = `<text x="${(x + wide / 2).toFixed(1)}" y="${HEIGHT - 8}" text-anchor="middle">${escaped(short(label))}</text>`;
    return index % each === 0 ? bar + name : bar;
  });
  const scale = [0, most / 2, most].map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" stroke="#bbb"/><text x="${LEFT - 5}" y="${(y(value) + 3).toFixed(1)}" text-anchor="end">${escaped(written(value))}</text>`,
  );
  return `<figure><figcaption>${escaped(title)}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" font-size="9" font-family="system-ui,sans-serif" role="img" aria-label="${escaped(title)}">${scale.join('')}${drawn.join('')}</svg></figure>`;
}

/** The year is known from the head of the page. */
function short(label: string): string {
  const plain = /^\d{4}-\d\d-\d\d/.test(label) ? label.slice(5) : label;
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1)}…` : plain;
}
