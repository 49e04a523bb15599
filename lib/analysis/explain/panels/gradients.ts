import { table } from "deno-plot-svg";
import type { Panel } from "../../../report/panel.ts";
import type { Explanation } from "../explanation.ts";
import { gradientTable } from "../text.ts";

/** Draws the norm of the gradient by layer. */
export function gradients({ influences }: Explanation): Panel | undefined {
  if (influences === undefined) return undefined;
  return {
    title: "Norm of the gradient",
    caption:
      "Euclidean norm of the gradient of the loss by the parameters and the input of each layer.",
    span: 1,
    draw: (width) => table({ width, ...gradientTable(influences) }),
  };
}
