import { table } from "deno-plot-svg";
import type { Panel } from "../../../report/panel.ts";
import type { Explanation } from "../explanation.ts";
import { formatUpdate, gradientNormTable } from "../text.ts";

/**
 * Returns the panel with a table of the Euclidean norms of the loss gradient by layer. Returns undefined for
 * small networks, whose gradients are shown in full.
 */
export function gradientNormsPanel({ subject, influences }: Explanation): Panel | undefined {
  if (influences === undefined) return undefined;
  return {
    title: "Norm of the gradient",
    caption:
      "Euclidean norm of the gradient of the loss with respect to the parameters and the input of each layer. " +
      formatUpdate(subject, influences),
    span: 1,
    draw: (width) => table({ width, ...gradientNormTable(influences) }),
  };
}
