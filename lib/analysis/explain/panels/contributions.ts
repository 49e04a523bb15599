import { table } from "deno-plot-svg";
import type { Panel } from "../../../report/panel.ts";
import type { Explanation } from "../explanation.ts";
import { contributionTable } from "../text.ts";

/**
 * Returns the panel with a table of the contributions of units of the last hidden layer to the two largest
 * logits. Returns undefined for small networks, and for networks without hidden layers.
 */
export function contributionsPanel({ subject, influences }: Explanation): Panel | undefined {
  if (influences === undefined || influences.contributions.length === 0) return undefined;
  return {
    title: "Contributions to the logits",
    caption:
      "Output of each unit of the last hidden layer, times its weights into the logits of the two most " +
      "probable classes.",
    span: 1,
    draw: (width) => table({ width, ...contributionTable(subject, influences) }),
  };
}
