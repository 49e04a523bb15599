import type { Panel } from "../../../report/panel.ts";
import { drawExampleGraph } from "../example_graph.ts";
import type { Explanation } from "../explanation.ts";

/**
 * Returns the panel with the forward pass of a small network as a graph, with all values and gradients. Returns
 * undefined for larger networks.
 */
export function graphPanel({ example }: Explanation): Panel | undefined {
  if (example === undefined) return undefined;
  return {
    title: "Values, gradients and weights",
    caption:
      "Each box shows a value, the gradient d of the loss with respect to this value, and the bias in it, if " +
      "any. Lines are weights: orange above 0, blue below 0; the thicker, the larger.",
    span: 3,
    draw: (width) => drawExampleGraph(example, width),
  };
}
