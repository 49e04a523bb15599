import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { type SuspiciousLabel, suspiciousLabels } from "../../evaluate/mod.ts";
import type { RunRecord } from "../../run/record.ts";
import { type Listed, namedBars, probabilityBar, sampleList } from "../listed.ts";
import type { Panel } from "../panel.ts";
import { formatSplit, mainEvaluation } from "../result.ts";

/** Labels shown at most; the file of the run has all. */
const MOST_LABELS = 12;

const COLUMNS = [
  { title: "labelled as", align: "left" },
  { title: "rather", align: "left" },
  { title: "probability of the label" },
  { title: "of the other" },
  { title: "row" },
] as const;

/** The labels that the members of an ensemble together disagree with; nothing for other runs. */
export function suspicious(record: RunRecord): Panel | undefined {
  const evaluation = mainEvaluation(record);
  if (record.members === undefined || evaluation === undefined) return undefined;
  const all = suspiciousLabels(evaluation, record.classes.length);
  if (all.length === 0) return undefined;
  const listed = all.slice(0, MOST_LABELS).map((label) => listedLabel(label, record));
  const { shown, illustrated, draw } = sampleList(record, evaluation.split, listed, COLUMNS);
  const count = shown === all.length ? "All" : `The first ${shown} of`;
  return {
    title: "Suspicious labels",
    caption:
      `${count} ${formatCount(all.length)} samples of the ${
        formatSplit(evaluation.split)
      } split that ` +
      "the members are together as sure to be of another class as they usually are of its samples; " +
      "the least probable label first." +
      (illustrated ? " Bars: probabilities; orange of the other class, blue of the label." : ""),
    span: illustrated ? 3 : 2,
    draw,
  };
}

function listedLabel(
  { row, label, suggested, selfConfidence, confidence }: SuspiciousLabel,
  { classes }: RunRecord,
): Listed {
  const [given, other] = [classes[label], classes[suggested]];
  const named = [["labelled", given], ["rather", other], ["row", String(row)]] as const;
  const items = [
    probabilityBar(other, confidence, "orange"),
    probabilityBar(given, selfConfidence, "blue"),
  ];
  return {
    row,
    name: `row ${row}, labelled as ${given}, rather ${other}`,
    details: [
      named[0],
      named[1],
      ["probability of the label", formatPercent(selfConfidence)],
      ["of the other", formatPercent(confidence)],
      named[2],
    ],
    beside: (width) => namedBars(named, items, width),
  };
}
