import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { type SuspiciousLabel, suspiciousLabels } from "../../evaluate/mod.ts";
import type { RunRecord } from "../../run/record.ts";
import { arrangeSamples, drawFactsAndBars, type ListedSample, probabilityBar } from "../listed.ts";
import type { Panel } from "../panel.ts";
import { formatSplit, mainEvaluation } from "../result.ts";

/** Largest number of labels in the panel. A file in the run folder lists all. */
const MOST_LABELS = 12;

const COLUMNS = [
  { title: "label", align: "left" },
  { title: "suggested class", align: "left" },
  { title: "probability of label" },
  { title: "probability of suggestion" },
  { title: "row" },
] as const;

/**
 * Returns the panel with the labels that may be wrong according to an ensemble. Returns undefined for other
 * runs, and if no label is suspicious.
 */
export function suspicious(record: RunRecord): Panel | undefined {
  const evaluation = mainEvaluation(record);
  if (record.members === undefined || evaluation === undefined) return undefined;
  const all = suspiciousLabels(evaluation, record.classes.length);
  if (all.length === 0) return undefined;
  const listed = all.slice(0, MOST_LABELS).map((label) => listedLabel(label, record));
  const { shown, illustrated, draw } = arrangeSamples(record, evaluation.split, listed, COLUMNS);
  const count = shown === all.length ? "All" : `The first ${shown} of`;
  return {
    title: "Suspicious labels",
    caption:
      `${count} ${formatCount(all.length)} samples of the ${
        formatSplit(evaluation.split)
      } split whose labels may be wrong: the ensemble's probability of another class is at least as high ` +
      "as its mean over the samples labelled with that class. The least probable labels are first." +
      (illustrated
        ? " Bars: probabilities of the other class (orange) and of the label (blue)."
        : ""),
    span: illustrated ? 3 : 2,
    draw,
  };
}

/** Returns a suspicious label as an entry of the list, with the suggested class, probabilities and row. */
function listedLabel(
  { row, label, suggested, selfConfidence, confidence }: SuspiciousLabel,
  { classes }: RunRecord,
): ListedSample {
  const [labelled, other] = [classes[label], classes[suggested]];
  const named = [["label", labelled], ["suggested", other], ["row", String(row)]] as const;
  const items = [
    probabilityBar(other, confidence, "orange"),
    probabilityBar(labelled, selfConfidence, "blue"),
  ];
  return {
    row,
    name: `row ${row}, label ${labelled}, suggested class ${other}`,
    facts: [
      named[0],
      named[1],
      ["probability of label", formatPercent(selfConfidence)],
      ["probability of suggestion", formatPercent(confidence)],
      named[2],
    ],
    beside: (width) => drawFactsAndBars(named, items, width),
  };
}
