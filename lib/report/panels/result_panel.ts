import { column, type Figure, label, paragraph, row } from "deno-plot-svg";
import { formatCount, formatCountWithNoun, formatNumber } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import type { RunRecord } from "../../run/record.ts";
import type { Evaluation } from "../../evaluate/evaluation.ts";
import { asObject, stageOptions } from "../config.ts";
import { GUTTER } from "../grid.ts";
import type { Panel } from "../panel.ts";
import { evaluationResult, formatNamedInterval, formatSplit, mainEvaluation } from "../result.ts";

/** A number in large type, with its name and a detail below it. */
interface KeyFigure {
  readonly number: string;
  readonly name: string;
  readonly detail?: string;
}

/** Returns the panel with the main numbers of a run: mistakes, loss, accuracies, parameters and epochs. */
export function result(record: RunRecord): Panel {
  const main = mainEvaluation(record);
  const figures = [
    ...(main === undefined ? [] : mainFigures(main, record)),
    ...record.evaluations.filter((each) => each !== main && each.labels.length > 0)
      .map((each) => accuracyFigure(each, record)),
    { number: formatCount(record.parameters), name: "parameters" },
    extentFigure(record),
  ];
  return {
    title: "Result",
    description:
      "Key figures of the run: mistakes and mean loss on the split by which the run is judged, " +
      `accuracy on other splits, number of parameters, and number of ${
        record.members === undefined ? "epochs" : "members"
      }.`,
    span: 3,
    draw: (width) => drawFigures(figures, width),
  };
}

/** Returns the key figures of the evaluation by which the run is judged: mistakes and mean loss. */
function mainFigures(evaluation: Evaluation, { classes }: RunRecord): readonly KeyFigure[] {
  const { labels, loss, raw, split } = evaluation;
  const { mistakes } = evaluationResult(evaluation, classes.length);
  return [
    {
      number: formatCount(mistakes),
      name: mistakes === 1 ? "mistake" : "mistakes",
      detail: `on ${formatCount(labels.length)} ${formatSplit(split)} samples`,
    },
    {
      number: formatNumber(loss),
      name: Number.isFinite(loss) ? "mean loss" : "mean loss, not finite",
      detail: `on the ${formatSplit(split)} split`,
    },
    ...(raw === undefined ? [] : [{
      number: formatPercent(raw.accuracy),
      name: "accuracy without averaged weights",
      detail: `on the ${formatSplit(split)} split`,
    }]),
  ];
}

/** Returns the key figure of the accuracy on a split, with its 95 % interval. */
function accuracyFigure(evaluation: Evaluation, { classes }: RunRecord): KeyFigure {
  const { accuracy, interval } = evaluationResult(evaluation, classes.length);
  return {
    number: formatPercent(accuracy),
    name: `${formatSplit(evaluation.split)} accuracy`,
    detail: `on ${formatCount(evaluation.labels.length)} samples, ${formatNamedInterval(interval)}`,
  };
}

/**
 * Returns the key figure of a run's extent: the number of epochs and steps of a training, or the number of
 * members of an ensemble.
 */
function extentFigure({ config, epochs, members: runs }: RunRecord): KeyFigure {
  if (runs !== undefined) return { number: formatCount(runs.length), name: "members" };
  const steps = epochs.at(-1)?.step ?? 0;
  const { batchSize, epochs: planned } = asObject(stageOptions(config, "train"));
  const of = typeof batchSize === "number" ? ` of ${formatCount(batchSize)} samples` : "";
  return {
    number: formatCount(epochs.length),
    name: (epochs.length === 1 ? "epoch" : "epochs") +
      (typeof planned === "number" && planned > epochs.length
        ? ` of at most ${formatCount(planned)}`
        : ""),
    detail: `${formatCountWithNoun(steps, "step")}${of}`,
  };
}

/** Draws numbers side by side in columns of equal width. */
function drawFigures(figures: readonly KeyFigure[], width: number): Figure {
  const each = (width - (figures.length - 1) * GUTTER / 2) / figures.length;
  const drawn = figures.map(({ number, name, detail }) => ({
    ...column([
      label(number, { size: 26, bold: true, width: each }),
      paragraph(name, each),
      ...(detail === undefined ? [] : [paragraph(detail, each, { tone: "muted" })]),
    ]),
    width: each,
  }));
  return { ...row(drawn, { gap: GUTTER / 2 }), width };
}
