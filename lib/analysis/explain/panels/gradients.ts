import { table } from "deno-plot-svg";
import type { Panel } from "../../../report/panel.ts";
import type { Explanation } from "../explanation.ts";
import { gradientTable, updateLine } from "../text.ts";

/** Draws the norm of the gradient by layer. */
export function gradients({ subject, influences }: Explanation): Panel | undefined {
  if (influences === undefined) return undefined;
  return {
    title: "Norm of the gradient",
    caption:
      "Euclidean norm of the gradient of the loss with respect to the parameters and the input of each layer. " +
      updateLine(subject, influences),
    span: 1,
    draw: (width) => table({ width, ...gradientTable(influences) }),
  };
}
