import { formatCount } from "../../format/numbers.ts";
import type { DistributionSeries } from "../../observe/distribution_fields.ts";
import type { RunRecord } from "../../run/record.ts";
import { distributionsPanel, formatZeroShare } from "../distributions.ts";
import type { Panel } from "../panel.ts";

/** Returns the panel with the distributions of the hidden layers' outputs over epochs. */
export function activations(record: RunRecord): Panel | undefined {
  return distributionsPanel(record, {
    title: "Activations",
    caption: (samples) =>
      `Outputs of the hidden layers for ${
        formatCount(samples)
      } training samples. The output of a dead ` +
      "unit is 0 for all these samples at the end of training",
    kind: "activation",
    about: (series) =>
      [formatZeroShare(series), formatDeadUnits(series)].filter((text) => text !== "").join(", "),
  });
}

/** Formats the number of dead units of a layer at the last moment: "3 of 128 units dead". */
function formatDeadUnits({ histograms, shape }: DistributionSeries): string {
  const dead = histograms.at(-1)?.dead ?? 0;
  return `${formatCount(dead)} of ${formatCount(shape[0] ?? 0)} units dead`;
}
