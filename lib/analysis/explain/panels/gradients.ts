import { table } from "deno-plot-svg";
import type { Panel } from "../../../report/panel.ts";
import type { Explanation } from "../explanation.ts";
import { formatUpdate, gradientTable } from "../text.ts";

/** Draws a table of the norms of the loss's gradient at each layer. */
export function gradientsPanel({ subject, influences }: Explanation): Panel | undefined {
  if (influences === undefined) return undefined;
  return {
    title: "Norm of the gradient",
    caption:
      "Euclidean norm of the gradient of the loss with respect to the parameters and the input of each layer. " +
      formatUpdate(subject, influences),
    span: 1,
    draw: (width) => table({ width, ...gradientTable(influences) }),
  };
}
