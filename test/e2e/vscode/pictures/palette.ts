/** Few colours for a picture. */
interface Palette {
  /** 0xRRGGBB */
  readonly colors: readonly number[];
  /** Place of the colour that stands for one of the picture's. */
  indexOf(color: number): number;
}

interface Box {
  /** Colours with how often they occur. */
  readonly entries: readonly (readonly [color: number, count: number])[];
  /** Of the channel that varies most, how many bits it is shifted. */
  readonly shift: number;
  /** How much its colours differ from their mean, by how often they occur. */
  readonly spread: number;
}

const SHIFTS = [16, 8, 0];

/**
 * By median cut: the box of colours that differ most is cut at the middle of what it varies in, until there are enough.
 * @param pixels RGB, without gaps @param most colours, 1 or more
 */
export function palette(pixels: Uint8Array, most: number): Palette {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 3) {
    const color = (pixels[at]! << 16) | (pixels[at + 1]! << 8) | pixels[at + 2]!;
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const boxes = [box([...counts])];
  while (boxes.length < most) {
    const worst = boxes.reduce((a, b) => (b.spread > a.spread ? b : a));
    if (worst.spread === 0) break;
    boxes.splice(boxes.indexOf(worst), 1, ...cut(worst));
  }
  const places = new Map(
    boxes.flatMap(({ entries }, place) => entries.map(([color]) => [color, place] as const)),
  );
  return { colors: boxes.map(commonest), indexOf: color => places.get(color)! };
}

/** A surface keeps its own colour; what lies between two is an edge, where nobody sees it. */
function commonest({ entries }: Box): number {
  return entries.reduce((a, b) => (b[1] > a[1] ? b : a))[0];
}

function box(entries: Box['entries']): Box {
  const [shift, spread] = SHIFTS.map(channel => [channel, variance(entries, channel)] as const).reduce(
    (a, b) => (b[1] > a[1] ? b : a),
  );
  return { entries, shift, spread };
}

/** The sum of squares, a colour's weight being the root of how often it occurs: otherwise text would have no colours of its own. */
function variance(entries: Box['entries'], shift: number): number {
  let [weight, sum, squares] = [0, 0, 0];
  for (const [color, count] of entries) {
    const value = (color >> shift) & 255;
    const own = Math.sqrt(count);
    weight += own;
    sum += own * value;
    squares += own * value * value;
  }
  return Math.max(0, Math.round(squares - (sum * sum) / weight));
}

function cut({ entries, shift }: Box): [Box, Box] {
  const value = (entry: Box['entries'][number]) => (entry[0] >> shift) & 255;
  const mean = entries.reduce((sum, entry) => sum + value(entry), 0) / entries.length;
  return [
    box(entries.filter(entry => value(entry) <= mean)),
    box(entries.filter(entry => value(entry) > mean)),
  ];
}
