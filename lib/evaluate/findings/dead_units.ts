import { formatCount } from "../../format/numbers.ts";
import { formatPercent, PLAIN } from "../../format/percent.ts";
import type { FindingEntry } from "./finding.ts";

/** Share of a layer that counts: fewer dead units matter less than the next choice of a width would. */
const SOME = 1 / 16;

/** Share of a layer that makes a warning of it: the layer is hardly the one that was meant. */
const MOST = 1 / 2;

/** Units that are 0 for all observed samples: no gradient reaches them, so they stay so. */
export const deadUnits: FindingEntry = {
  doc: "Many units of a hidden layer are never active",
  remedy: "use leakyRelu in train.layers, or lower train.learningRate",
  explainedBy: ["diverged"],
  find({ hidden }) {
    const found = hidden.filter(({ units, dead }) => dead > SOME * units);
    if (found.length === 0) return undefined;
    const isMost = found.some(({ units, dead }) => dead >= MOST * units);
    const layers = found.map(({ layer, units, dead }) =>
      `${formatCount(dead)} of ${formatCount(units)} units of ${layer} (${
        formatPercent(dead / units, 0, PLAIN)
      })`
    );
    return {
      severity: isMost ? "warning" : "note",
      text: `${listed(layers)} are 0 for all observed samples, so these give them no gradient`,
    };
  },
};

/** Texts as one enumeration: "a", "a and b", "a, b and c". */
function listed(texts: readonly string[]): string {
  const [last = "", ...others] = texts.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`;
}
