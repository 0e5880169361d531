/**
 * Colours that people with any kind of colour blindness tell apart (after Okabe and Ito), each at 3:1 or more against its theme's
 * editor; the shapes say the same once more. The last is of all others.
 */
const DARK = ['#56b4e9', '#e69f00', '#3cc79a', '#f0e442', '#e58fc0', '#ff7f50', '#b3a9ff', '#a6a6a6'];
const LIGHT = ['#0072b2', '#a65300', '#00755a', '#7d6600', '#a3357f', '#c23b00', '#3f2d9e', '#666666'];

/** What does not match is there, so that one sees where the others lie, and hardly seen: so much of its colour is left. */
const FAINT = 0.22;

export interface Colours {
  /** `OTHERS` + 1, each 0xBBGGRR. */
  readonly kinds: readonly number[];
  /** The same of what does not match. */
  readonly faint: readonly number[];
  readonly background: number;
  /** Of what is drawn over the points, as CSS has it. */
  readonly line: string;
}

/** Those of the theme of the moment. @param of an element on whose background points are drawn */
export function coloursOf(of: HTMLElement): Colours {
  const { classList } = document.body;
  const light = classList.contains('vscode-light') || classList.contains('vscode-high-contrast-light');
  const style = getComputedStyle(of);
  const kinds = (light ? LIGHT : DARK).map(numberOf);
  const background = numberOf(style.backgroundColor);
  return {
    kinds,
    // Mixed, not transparent: where many lie on one another they would not be faint.
    faint: kinds.map(colour => mixed(colour, background)),
    background,
    line: style.color,
  };
}

function mixed(colour: number, background: number): number {
  const part = (shift: number) =>
    Math.round(((colour >> shift) & 255) * FAINT + ((background >> shift) & 255) * (1 - FAINT)) << shift;
  return part(16) | part(8) | part(0);
}

/** @param colour `#rrggbb` or `rgb(r, g, b)` */
function numberOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = colour.startsWith('#')
    ? [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16))
    : (colour.match(/\d+/g) ?? []).map(Number);
  return (blue << 16) | (green << 8) | red;
}
