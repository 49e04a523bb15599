import { column, type Figure } from "./figure.ts";
import { coordinate } from "./numbers.ts";
import { type Attributes, element, escapeText, hoverTitle } from "./svg.ts";
import { fill, type Tone } from "./theme.ts";
import { type Font, textWidth, truncate, wrap } from "./text_width.ts";

/** Style and anchor of a line of text. */
export interface TextStyle {
  /** Font size in pixels. Defaults to 12. */
  readonly size?: number;
  /** Whether the text is bold. */
  readonly bold?: boolean;
  /** Colour. Defaults to ink. */
  readonly tone?: Tone;
  /** Which end of the text, or its middle, stands at x. Defaults to the start. */
  readonly anchor?: "start" | "middle" | "end";
  /** Whether the text runs upwards. */
  readonly upwards?: boolean;
  /** Width [px] to which the text is cut; the whole text is then its hover title. */
  readonly width?: number;
}

/** Font size of plots in pixels; the style sheet sets it, so texts of this size need not. */
export const TEXT_SIZE = 12;

/** Distance of baselines, as a multiple of the font size. */
const LINE_HEIGHT = 1.45;

/** The style properties on which the width of a text depends. */
export function fontOf({ size = TEXT_SIZE, bold = false }: TextStyle): Font {
  return { size, bold };
}

/** Draws a line of text; (x, y) is its anchor on the baseline. */
export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = TEXT_SIZE, bold = false, tone = "ink", anchor = "start", width } = style;
  const shown = width === undefined ? content : truncate(content, width, fontOf(style));
  const attributes: Attributes = {
    class: fill(tone),
    x,
    y,
    "font-size": size === TEXT_SIZE ? undefined : size,
    "font-weight": bold ? "600" : undefined,
    "text-anchor": anchor === "start" ? undefined : anchor,
    transform: style.upwards === true ? `rotate(-90,${coordinate(x)},${coordinate(y)})` : undefined,
  };
  const title = shown === content ? "" : hoverTitle(content);
  return shown === "" ? "" : element("text", attributes, escapeText(shown) + title);
}

/** Draws text wrapped at spaces to a width [px]. */
export function paragraph(content: string, width: number, style: TextStyle = {}): Figure {
  const font = fontOf(style);
  const lines = wrap(content, width, font);
  const height = font.size * LINE_HEIGHT;
  return {
    width,
    height: lines.length * height,
    markup: lines.map((line, index) => text(0, baseline(font.size, index), line, style)).join(""),
  };
}

/** Draws a line of text as a figure. */
export function label(content: string, style: TextStyle = {}): Figure {
  const font = fontOf(style);
  return {
    width: Math.min(textWidth(content, font), style.width ?? Infinity),
    height: font.size * LINE_HEIGHT,
    markup: text(0, baseline(font.size, 0), content, style),
  };
}

/** Options of a heading. */
export interface HeadingOptions {
  /** Width [px] to which the caption is wrapped. */
  readonly width: number;
  /** Title of the figure. */
  readonly title: string;
  /** Caption of the figure, one or two sentences. */
  readonly caption?: string;
}

/** Draws a bold title and, below it, a wrapped caption. */
export function heading({ width, title, caption }: HeadingOptions): Figure {
  const head = label(title, { size: 15, bold: true, width });
  if (caption === undefined) return head;
  return column([head, paragraph(caption, width, { tone: "muted" })], { gap: 2 });
}

/** Places a figure below its title and caption. */
export function titled(figure: Figure, words: Omit<HeadingOptions, "width">): Figure {
  return column([heading({ ...words, width: figure.width }), figure], { gap: 12 });
}

function baseline(size: number, line: number): number {
  return size * (LINE_HEIGHT * line + 1.1);
}
