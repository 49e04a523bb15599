import { type Figure, formatCount, formatPercent } from "deno-plot-svg";
import { findMistakes, type Mistake } from "../evaluate/mod.ts";
import type { RunRecord } from "../run/record.ts";
import { type Listed, sampleList } from "./listed.ts";
import type { Panel } from "./panel.ts";
import { mainEvaluation, partWords } from "./result.ts";

/** Mistakes shown at most. */
const MOST_MISTAKES = 24;

const NOTHING: Figure = { width: 0, height: 0, markup: "" };

const COLUMNS = [
  { title: "true class", align: "left" },
  { title: "predicted class", align: "left" },
  { title: "probability" },
  { title: "row" },
] as const;

/** The mistakes that the network is most sure of, as pictures, or as a table if they have none. */
export function mistakes(record: RunRecord): Panel | undefined {
  const evaluation = mainEvaluation(record);
  if (evaluation === undefined) return undefined;
  const all = findMistakes(evaluation, record.classes.length);
  const words = partWords(evaluation.part);
  if (all.length === 0) {
    return {
      title: "Mistakes",
      caption: `None on the ${words} part.`,
      span: 1,
      draw: () => NOTHING,
    };
  }
  const listed = all.slice(0, MOST_MISTAKES).map((mistake) => listedMistake(mistake, record));
  const { shown, illustrated, draw } = sampleList(record, evaluation.part, listed, COLUMNS);
  const count = shown === all.length
    ? `All ${formatCount(all.length)} mistakes`
    : `The ${shown} most confident of ${formatCount(all.length)} mistakes`;
  return {
    title: "Mistakes",
    caption: `${count} on the ${words} part, by the probability of the wrong class.`,
    span: illustrated ? 3 : 2,
    draw,
  };
}

function listedMistake(
  { row, label, predicted, confidence }: Mistake,
  { classes }: RunRecord,
): Listed {
  const [truth, wrong] = [classes[label] as string, classes[predicted] as string];
  return {
    row,
    name: `row ${row}, true ${truth}, predicted ${wrong}`,
    said: [
      ["true", truth],
      ["predicted", wrong],
      ["probability", formatPercent(confidence)],
      ["row", String(row)],
    ],
  };
}
