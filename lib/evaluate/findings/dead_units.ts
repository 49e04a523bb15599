import { formatCount } from "../../format/numbers.ts";
import { formatPercent, PLAIN } from "../../format/percent.ts";
import type { FindingEntry } from "./finding.ts";

/**
 * Fraction of dead units in a layer above which the layer is reported. A smaller fraction matters less than the
 * choice of the layer's width.
 */
const SOME = 1 / 16;

/** Smallest fraction of dead units in a layer for which the finding is a warning. */
const MOST = 1 / 2;

/**
 * Finding: more than a sixteenth of a layer's units are 0 for all observed samples. They receive no gradient, so they
 * remain dead.
 */
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
      text: `${joinWithAnd(layers)} are 0 for all observed samples, so they receive no gradient`,
    };
  },
};

/** Joins texts by commas and "and": "a", "a and b", "a, b and c". */
function joinWithAnd(texts: readonly string[]): string {
  const [last = "", ...others] = texts.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`;
}
