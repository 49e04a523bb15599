import type { Scale } from "../scale.ts";
import type { Tone } from "../theme.ts";

/** Points, x and y of the same length; a point that is not finite leaves a gap. */
export interface Points {
  /** Place along the horizontal axis. */
  readonly x: ArrayLike<number>;
  /** Place along the vertical axis. */
  readonly y: ArrayLike<number>;
}

/** A name set beside the end of a mark instead of a legend. */
export interface DirectLabel {
  /** The name. */
  readonly content: string;
  /** Its colour, that of the mark. */
  readonly tone: Tone;
  /** Value on the vertical axis at which the mark ends. */
  readonly y: number;
}

/** Something drawn over two scales: what they must hold, and how it is drawn then. */
export interface Mark {
  /** Values of the horizontal axis. */
  readonly xs: readonly number[];
  /** Values of the vertical axis. */
  readonly ys: readonly number[];
  /** Name at the mark's right end. */
  readonly label?: DirectLabel;
  /** The mark as SVG elements. */
  draw(x: Scale, y: Scale): string;
}

/**
 * Checks that points have as many x as y.
 *
 * @throws {TypeError} if not
 */
export function assertPaired(mark: string, x: ArrayLike<number>, y: ArrayLike<number>): void {
  if (x.length === y.length) return;
  throw new TypeError(
    `Cannot draw ${mark}: expected ${x.length} values of y: received ${y.length}`,
  );
}

/** The label at the last finite point; nothing if there is none. */
export function labelAtEnd(
  content: string | undefined,
  { x, y }: Points,
  tone: Tone,
): { readonly label?: DirectLabel } {
  if (content === undefined) return {};
  for (let i = x.length - 1; i >= 0; i--) {
    const end = y[i] as number;
    if (Number.isFinite(x[i]) && Number.isFinite(end)) return { label: { content, tone, y: end } };
  }
  return {};
}
