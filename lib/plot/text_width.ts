/**
 * Estimates widths of text without a font.
 *
 * The font in which a file is displayed is unknown. The table has the advance widths of DejaVu Sans, the
 * widest of the common interface fonts, so text that fits here also fits in the others.
 *
 * @module
 */

import { escapeControls } from "../format/visible.ts";

/** Advance widths of U+0020 to U+007E in thousandths of the font size. */
// deno-fmt-ignore -- 16 to a line, as in a code chart
const ASCII: readonly number[] = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, // space to /
  636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, // 0 to ?
  1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787, // @ to O
  603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, // P to _
  500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, // ` to o
  635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838, // p to ~
];

/**
 * Width, in thousandths of the font size, of other characters below U+2E80: Latin, Greek, Cyrillic,
 * punctuation, arrows.
 */
const OTHER = 850;

/** Width, in thousandths of the font size, of characters from U+2E80: Chinese, Japanese, Korean, emoji. */
const FULL = 1150;

/** Width of bold text divided by the width of regular text. */
const BOLD = 1.14;

/** Size and weight of a font, on which the width of text depends. */
export interface Font {
  /** Font size in pixels. */
  readonly size: number;
  /** Whether the text is bold. Defaults to false. */
  readonly bold?: boolean;
}

/**
 * Returns an upper estimate of the width [px] of a line of text. Control characters count as their visible
 * escapes.
 */
export function textWidth(content: string, { size, bold = false }: Font): number {
  let thousandths = 0;
  for (const character of escapeControls(content)) {
    const code = character.codePointAt(0) as number;
    if (code === 0xa0) thousandths += ASCII[0];
    else thousandths += ASCII[code - 0x20] ?? (code < 0x2e80 ? OTHER : FULL);
  }
  return (thousandths / 1000) * size * (bold ? BOLD : 1);
}

/** Tolerance [px] for the rounding of coordinates to two decimals. */
const ROUNDING = 0.01;

/**
 * Returns a text as it is if it fits into a width [px]; otherwise as much of its beginning as fits, with an
 * ellipsis.
 */
export function truncate(content: string, width: number, font: Font): string {
  if (textWidth(content, font) <= width + ROUNDING) return content;
  const characters = [...escapeControls(content)];
  while (characters.length > 0) {
    characters.pop();
    const shorter = `${characters.join("").trimEnd()}…`;
    if (textWidth(shorter, font) <= width) return shorter;
  }
  return "…";
}

/**
 * Splits a text at spaces into lines of at most a width [px]. A word that is wider than a line is shortened, with
 * an ellipsis at its end.
 */
export function wrap(content: string, width: number, font: Font): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of content.split(/[ \n\t]+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || textWidth(longer, font) <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((each) => truncate(each, width, font));
}
