import {
  bars,
  chart,
  column,
  type Figure,
  intervals,
  row,
  rule,
  space,
  table,
} from "deno-plot-svg";
import { formatCount, formatFixed, formatNumber } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import {
  calibrate,
  type CalibrationScores,
  calibrationScores,
  type ReliabilityBin,
  reliabilityTable,
  summarize,
  type Summary,
} from "../../evaluate/mod.ts";
import type { RunRecord } from "../../run/record.ts";
import type { Evaluation } from "../../evaluate/evaluation.ts";
import { CHART_HEIGHT } from "../curves.ts";
import { COLUMN, GUTTER } from "../grid.ts";
import type { Panel } from "../panel.ts";
import { formatOptionalInterval, formatSplit, mainEvaluation } from "../result.ts";
import { NONE } from "../../format/text_table.ts";

/** Lower end of bars on a log scale of counts; below 1, so that the bar of a single sample is visible. */
const BELOW_ONE = 0.6;

/** Horizontal axis of both charts. */
const CONFIDENCE = { title: "confidence (%)", domain: [0, 100] } as const;

/** Calibration scores of an evaluation before and after temperature scaling. */
interface Scores {
  /** Scores of the network's own probabilities. */
  readonly before: CalibrationScores;
  /** Scores after temperature scaling; undefined if there is no temperature. */
  readonly after: CalibrationScores | undefined;
  /** Temperature fitted on the validation split; undefined if there is none. */
  readonly temperature: number | undefined;
}

/** Returns the panel with the reliability diagram, the confidences and the calibration scores of a run. */
export function calibration(record: RunRecord): Panel | undefined {
  const evaluation = mainEvaluation(record);
  if (evaluation === undefined) return undefined;
  const classes = record.classes.length;
  const bins = reliabilityTable(evaluation, { classes });
  const scores = computeScores(record, evaluation);
  return {
    title: "Calibration",
    caption:
      `Left: accuracy on ${
        formatSplit(evaluation.split)
      } samples by confidence, the probability of the predicted class, with ` +
      "95\u00a0% intervals; dashed line: perfect calibration. Middle: number of samples by confidence. " +
      "Right: calibration scores and top-k accuracies. " +
      formatCalibrationErrors(scores),
    span: 3,
    draw: () =>
      row([
        drawReliability(bins),
        drawConfidences(bins),
        drawTables(scores, summarize(evaluation, record.classes)),
      ], { gap: GUTTER }),
  };
}

/**
 * Computes the calibration scores of an evaluation, with a temperature fitted on the validation split if
 * possible.
 */
function computeScores({ evaluations, classes }: RunRecord, evaluation: Evaluation): Scores {
  const fitted = calibrate(evaluations, classes.length);
  const found = fitted?.[evaluation.split];
  return {
    before: found?.before ?? calibrationScores(evaluation, classes.length),
    after: found?.after,
    temperature: fitted?.temperature,
  };
}

/** Returns the sentence of the caption on the expected calibration error. */
function formatCalibrationErrors({ before, after, temperature }: Scores): string {
  const error = `Expected calibration error ${formatPercent(before.calibrationError ?? NaN)}`;
  if (after === undefined || temperature === undefined) return `${error}.`;
  return `${error}; ${formatPercent(after.calibrationError ?? NaN)} after temperature scaling by ` +
    `${formatNumber(temperature)}, fitted on the validation split.`;
}

/** Draws the accuracy in each bin of confidence, with its 95 % interval, and the diagonal. */
function drawReliability(bins: readonly ReliabilityBin[]): Figure {
  const filled = bins.filter(({ count }) => count > 0);
  const percent = (share: number | null | undefined) => (share ?? NaN) * 100;
  return chart({
    width: COLUMN,
    height: CHART_HEIGHT,
    x: CONFIDENCE,
    y: { title: "accuracy (%)", domain: [0, 100] },
    marks: [
      rule("diagonal"),
      intervals({
        x: filled.map(({ confidence }) => percent(confidence)),
        y: filled.map(({ accuracy }) => percent(accuracy)),
        low: filled.map(({ interval }) => percent(interval?.[0])),
        high: filled.map(({ interval }) => percent(interval?.[1])),
      }, { tone: "blue", title: (index) => formatBin(filled[index]) }),
    ],
  });
}

/** Draws the number of samples in each bin of confidence. */
function drawConfidences(bins: readonly ReliabilityBin[]): Figure {
  const most = Math.max(...bins.map(({ count }) => count));
  return chart({
    width: COLUMN,
    height: CHART_HEIGHT,
    x: CONFIDENCE,
    y: { title: "samples (log scale)", scale: "log", domain: [BELOW_ONE, most] },
    marks: [
      bars({
        x: bins.map(({ low, high }) => (low + high) * 50),
        y: bins.map(({ count }) => count),
      }, {
        thickness: 90 / bins.length,
        base: BELOW_ONE,
        title: (index) => formatBin(bins[index]),
      }),
    ],
  });
}

/** Formats the confidences and the correct samples of a bin; empty without a bin. */
function formatBin(bin: ReliabilityBin | undefined): string {
  if (bin === undefined) return "";
  const { low, high, count, right } = bin;
  return `confidence ${formatPercent(low, 0)} to ${formatPercent(high, 0)}: ` +
    `${formatCount(right)} of ${formatCount(count)} correct`;
}

/** Draws the table of calibration scores and, below it, the table of top-k accuracies. */
function drawTables(scores: Scores, { accuracy, interval, topK }: Summary): Figure {
  const top = [{ k: 1, accuracy, interval }, ...topK];
  const ranks = table({
    width: COLUMN,
    columns: [
      { title: "true class among the", align: "left" },
      { title: "accuracy" },
      { title: "95\u00a0% interval" },
    ],
    rows: top.map(({ k, accuracy, interval }) => [
      `top ${k}`,
      formatPercent(accuracy ?? NaN),
      formatOptionalInterval(interval),
    ]),
  });
  return { ...column([drawScoreTable(scores), space(COLUMN, 18), ranks]), width: COLUMN };
}

/** Draws the table of calibration scores, with a column after scaling if there is a temperature. */
function drawScoreTable({ before, after, temperature }: Scores): Figure {
  const cells = (of: (scores: CalibrationScores) => string) =>
    after === undefined ? [of(before)] : [of(before), of(after)];
  const number = (value: number | null) => value === null ? NONE : formatFixed(value, 4);
  return table({
    width: COLUMN,
    columns: [
      { title: "", align: "left" },
      { title: "before scaling" },
      ...(temperature === undefined
        ? []
        : [{ title: `at temperature ${formatNumber(temperature, 3)}` }]),
    ],
    rows: [
      [
        "calibration error",
        ...cells(({ calibrationError }) => formatPercent(calibrationError ?? NaN)),
      ],
      ["Brier score", ...cells(({ brier }) => number(brier))],
      ["log loss (nats)", ...cells((each) => number(each.negativeLogLikelihood))],
    ],
  });
}
