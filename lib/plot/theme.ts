/**
 * Colours and type, light and dark, as one style sheet inside the file.
 *
 * Series take the blue, vermilion, bluish green, reddish purple and black of Okabe and Ito ("Color
 * universal design", 2002), which colour-blind readers tell apart, darkened or lightened until they
 * stand 4.5 : 1 against the paper (WCAG 2.2, 1.4.3) and differ in lightness. So dark, their yellow
 * and sky blue would be too near to others. In grey some stay alike, so no chart relies on colour
 * alone. Plain class rules and no variables: librsvg and Inkscape know no var().
 *
 * @module
 */

/** What a mark is drawn in: a role, whose colour depends on the theme. */
export type Tone = "ink" | "muted" | "faint" | "paper" | "blue" | "orange" | "green" | "purple";

/** Colours of one theme: a hexadecimal sRGB colour for each tone. */
export type Theme = Readonly<Record<Tone, string>>;

/** Dark ink on white paper. */
export const LIGHT: Theme = {
  ink: "#1b1e23",
  muted: "#5f6670",
  faint: "#e3e6ea",
  paper: "#ffffff",
  blue: "#0064a8",
  orange: "#c24e00",
  green: "#006b4f",
  purple: "#a8548a",
};

/** Light ink on near-black paper. */
export const DARK: Theme = {
  ink: "#e8eaed",
  muted: "#9aa3ae",
  faint: "#2d3239",
  paper: "#14171b",
  blue: "#4f9fe0",
  orange: "#f0934a",
  green: "#45bf95",
  purple: "#c77ba6",
};

/** The system's interface font, with figures of one width where it has them. */
const FONT = `system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif`;

/** Figures of one width, so that columns of numbers align. */
const TABULAR = `font-variant-numeric:tabular-nums`;

/**
 * The style sheet of a file. Every rule starts at the root's class, so pages can hold the file. Of
 * two values for one property, renderers that do not know the second keep the first. Paper is light,
 * whatever the reader's system: what is printed is the light theme, and drawings wider than the paper
 * are made smaller, where browsers would cut them off.
 */
export function styleSheet(): string {
  return `
.plot{font-family:${FONT};font-size:12px;${TABULAR}}
.plot .pixels{image-rendering:optimizeSpeed;image-rendering:pixelated}
${rules(LIGHT)}
@media print{.plot{max-width:100%;height:auto}}
@media screen and (prefers-color-scheme:dark){
${rules(DARK)}
.plot .pixels.paper{filter:invert(1)}
}
`;
}

function rules(theme: Theme): string {
  return Object.entries(theme)
    .map(([tone, colour]) =>
      `.plot .f-${tone}{fill:${colour}}.plot .s-${tone}{stroke:${colour};fill:none}`
    )
    .join("\n");
}

/** The class that fills with a tone. */
export function fill(tone: Tone): string {
  return `f-${tone}`;
}

/** The class that strokes with a tone. */
export function stroke(tone: Tone): string {
  return `s-${tone}`;
}
