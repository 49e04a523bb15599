import { column, type Figure, label, paragraph, row, textWidth } from "deno-plot-svg";

/** A term and its value: ["batch size", "64"]. */
export type Definition = readonly [term: string, value: string];

/** Space [px] between the longest term and the values. */
const GAP = 12;

/** Options of a list of definitions. */
interface DefinitionOptions {
  /** Whether long values are wrapped or cut. Defaults to "wrap". */
  readonly long?: "wrap" | "cut";
}

/**
 * Draws definitions one below the other to a width [px]: the terms in a left column, the values in a right
 * one.
 */
export function drawDefinitions(
  items: readonly Definition[],
  width: number,
  { long = "wrap" }: DefinitionOptions = {},
): Figure {
  const term = Math.max(0, ...items.map(([each]) => textWidth(each, { size: 12 }))) + GAP;
  const room = width - term;
  return column(
    items.map(([name, value]) =>
      row([
        paragraph(name, term, { tone: "muted" }),
        long === "wrap" ? paragraph(value, room) : label(value, { width: room }),
      ])
    ),
    { gap: 3 },
  );
}
