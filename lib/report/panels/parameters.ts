import { formatCount } from "../../format/numbers.ts";
import type { RunRecord } from "../../run/record.ts";
import { distributionsPanel } from "../distributions.ts";
import type { Panel } from "../panel.ts";

/** Returns the panel with the distributions of each layer's weights over epochs. */
export function parameters(record: RunRecord): Panel | undefined {
  return distributionsPanel(record, {
    title: "Weights",
    caption: () =>
      "Weights of each layer, without biases, before training and at the ends of epochs",
    kind: "parameter",
    about: ({ shape }) => shape.map(formatCount).join(" × "),
  });
}
