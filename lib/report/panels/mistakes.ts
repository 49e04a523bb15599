import { type BarItem, space } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { findMistakes, type Mistake } from "../../evaluate/mod.ts";
import type { RunRecord } from "../../run/record.ts";
import { arrangeSamples, drawFactsAndBars, type ListedSample, probabilityBar } from "../listed.ts";
import type { Panel } from "../panel.ts";
import { formatSplit, mainEvaluation } from "../result.ts";

/** Largest number of mistakes in the panel. */
const MOST_MISTAKES = 24;

/**
 * Number of bars beside a mistake's picture. The bars are of the most probable classes; the last one is of
 * the true class if it is less probable.
 */
const MOST_BARS = 3;

const COLUMNS = [
  { title: "true class", align: "left" },
  { title: "predicted class", align: "left" },
  { title: "probability" },
  { title: "probability of true class" },
  { title: "row" },
] as const;

/** Returns the panel with the most confident mistakes of a run. */
export function mistakes(record: RunRecord): Panel | undefined {
  const evaluation = mainEvaluation(record);
  if (evaluation === undefined) return undefined;
  const all = findMistakes(evaluation, record.classes.length);
  const words = formatSplit(evaluation.split);
  if (all.length === 0) {
    return {
      title: "Mistakes",
      caption: `No mistakes on the ${words} split.`,
      span: 1,
      draw: () => space(0, 0),
    };
  }
  const listed = all.slice(0, MOST_MISTAKES).map((mistake) => listedMistake(mistake, record));
  const { shown, illustrated, draw } = arrangeSamples(record, evaluation.split, listed, COLUMNS);
  const count = all.length === 1
    ? "The only mistake"
    : shown === all.length
    ? `All ${formatCount(all.length)} mistakes`
    : `The ${shown} most confident of ${formatCount(all.length)} mistakes`;
  return {
    title: "Mistakes",
    caption: `${count} on the ${words} split, sorted by the probability of the predicted class.` +
      (illustrated
        ? " Bars: probabilities of the predicted class (orange), the true class (blue) and others (grey)."
        : ""),
    span: illustrated ? 3 : 2,
    draw,
  };
}

/** Returns a mistake as an entry of the list, with its classes, probabilities and row. */
function listedMistake(mistake: Mistake, { classes }: RunRecord): ListedSample {
  const { row, label, predicted, confidence, probabilities } = mistake;
  const [truth, wrong] = [classes[label], classes[predicted]];
  const named = [["true", truth], ["predicted", wrong], ["row", String(row)]] as const;
  const items = probabilityBars(mistake, classes);
  return {
    row,
    name: `row ${row}, true ${truth}, predicted ${wrong}`,
    facts: [
      named[0],
      named[1],
      ["probability", formatPercent(confidence)],
      ["probability of true class", formatPercent(probabilities[label])],
      named[2],
    ],
    beside: (width) => drawFactsAndBars(named, items, width),
  };
}

/** Returns bars of the most probable classes, of which the last is the true class if it is not among them. */
function probabilityBars(
  { label, predicted, probabilities }: Mistake,
  classes: readonly string[],
): readonly BarItem[] {
  const ranked = Array.from(probabilities.keys())
    .sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  const shown = ranked.indexOf(label) < MOST_BARS
    ? ranked.slice(0, MOST_BARS)
    : [...ranked.slice(0, MOST_BARS - 1), label];
  return shown.map((each) =>
    probabilityBar(
      classes[each],
      probabilities[each],
      each === predicted ? "orange" : each === label ? "blue" : "muted",
    )
  );
}
