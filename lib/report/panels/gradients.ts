import { formatCount } from "../../format/numbers.ts";
import type { RunRecord } from "../../run/record.ts";
import { distributionsPanel, formatZeroShare } from "../distributions.ts";
import type { Panel } from "../panel.ts";

/**
 * Returns the panel with the distributions of the loss's gradients with respect to the weights over epochs.
 */
export function gradients(record: RunRecord): Panel | undefined {
  return distributionsPanel(record, {
    title: "Gradients",
    caption: (samples) =>
      `Gradients of the mean loss on ${
        formatCount(samples)
      } training samples with respect to the ` +
      "weights, at the ends of epochs",
    kind: "gradient",
    about: formatZeroShare,
    from: 1, // the first gradients are many times larger and would hide the others
  });
}
