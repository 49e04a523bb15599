/**
 * The summary printed at the end of a training: time, scores, findings, and commands to run next.
 *
 * @module
 */
import { join } from "@std/path";
import { formatAccuracy, formatEvaluation } from "../../lib/evaluate/lines.ts";
import { validationScore } from "../../lib/evaluate/findings/finding.ts";
import { wilsonInterval } from "../../lib/evaluate/metrics/interval.ts";
import type { Score } from "../../lib/evaluate/evaluation.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import { formatCount, formatCountWithNoun, formatLoss } from "../../lib/format/numbers.ts";
import { sparkline } from "../../lib/io/text.ts";
import { stageOptions } from "../../lib/report/config.ts";
import { modelEpoch, runFindings } from "../../lib/report/findings/outcome.ts";
import { FILES } from "../../lib/run/folder.ts";
import type { EpochRecord, RunRecord } from "../../lib/run/record.ts";
import type { RunTiming } from "../../lib/run/timing.ts";
import { log } from "../../lib/tensor/math/math.ts";
import type { LabelledText } from "../cli/view.ts";

/** A finished run with its path, its times and the start of command lines. */
export interface FinishedTraining {
  readonly record: RunRecord;
  /** Times of the run; undefined if they are unknown. */
  readonly timing: RunTiming | undefined;
  /** Path of the run folder. */
  readonly path: string;
  readonly hasReport: boolean;
  /** Text before the name of a command: "ann", or "deno task". */
  readonly commandPrefix: string;
}

/** Returns the rows of the summary that is printed after a training. */
export function summaryRows(finished: FinishedTraining): readonly LabelledText[] {
  const { record, path, hasReport } = finished;
  const { evaluations, classes, note } = record;
  return [
    { label: "trained", text: formatTrainingTime(finished) },
    ...lossRows(record.epochs),
    ...bestEpochRows(record),
    ...evaluations.map((evaluation) => ({
      label: evaluation.split,
      text: formatEvaluation(evaluation, classes),
    })),
    ...(note === undefined ? [] : [{ label: "data", text: note }]),
    ...runFindings(record).flatMap(({ severity, text, remedy }) => [
      { label: severity, text, isWarning: severity === "warning" },
      { label: "remedy", text: remedy },
    ]),
    ...(hasReport ? [{ label: "report", text: join(path, FILES.report) }] : []),
    ...nextCommandRows(finished),
  ];
}

/**
 * Formats the number of epochs of a training and, if known, its time; for an ensemble, the number of members.
 */
function formatTrainingTime({ record, timing }: FinishedTraining): string {
  const { epochs, config, members } = record;
  if (members !== undefined) {
    return `${formatCountWithNoun(members.length, "member")}, whose probabilities are averaged`;
  }
  const { epochs: planned } = stageOptions(config, "train");
  const isEarly = typeof planned === "number" && planned > epochs.length;
  const count = isEarly
    ? `${formatCount(epochs.length)} of ${formatCountWithNoun(planned, "epoch")}`
    : formatCountWithNoun(epochs.length, "epoch");
  const time = timing?.stages.find(({ stage }) => stage === "train")?.milliseconds;
  const isResumed = (timing?.training?.steps.after ?? 0) > 0;
  return [
    time === undefined || isResumed ? count : `${count} in ${formatDuration(time)}`,
    ...(isEarly ? ["stopped early"] : []),
    ...(time !== undefined && isResumed ? [`${formatDuration(time)} since it was resumed`] : []),
  ].join(", ");
}

/** Largest width [characters] of a sparkline. */
const SPARK = 24;

/**
 * Returns rows with the first and last loss on the training and the validation split, and sparklines on one
 * log scale. Returns no row for a split without losses.
 */
function lossRows(epochs: readonly EpochRecord[]): readonly LabelledText[] {
  const curves = [
    { name: "training", losses: epochs.map(({ train }) => train.loss) },
    { name: "validation", losses: epochs.flatMap((epoch) => validationScore(epoch)?.loss ?? []) },
  ].filter(({ losses }) => losses.length > 0);
  const logs = curves.flatMap(({ losses }) => losses).map(logLoss);
  const range = [Math.min(...logs), Math.max(...logs)] as const;
  return curves.map(({ name, losses }, index) => {
    const ends = [losses[0], losses.at(-1) ?? losses[0]].map(formatLoss);
    const curve = losses.length === 1
      ? ends[0]
      : `${ends.join(" → ")}  ${sparkline(losses.map(logLoss), range, SPARK)}`;
    return { label: index === 0 ? "loss" : "", text: `${name.padEnd(10)}  ${curve}` };
  });
}

/** Returns the natural logarithm of a loss. Losses below 1e-6, such as 0, count as 1e-6. */
function logLoss(loss: number): number {
  return log(Math.max(loss, 1e-6));
}

/**
 * Returns a row about the best epoch: that whose weights early stopping restored, or else that with the
 * highest validation accuracy. Returns no row if no epoch was validated.
 */
function bestEpochRows(record: RunRecord): readonly LabelledText[] {
  const { epochs, evaluations } = record;
  const scored = epochs.flatMap((each): readonly (Score & { readonly epoch: number })[] => {
    const score = validationScore(each);
    return score === undefined ? [] : [{ ...score, epoch: each.epoch }];
  });
  const restored = modelEpoch(record);
  const best = restored < epochs.length
    ? scored.find(({ epoch }) => epoch === restored)
    : scored.toSorted((one, other) => other.accuracy - one.accuracy)[0];
  if (best === undefined) return [];
  const samples = evaluations.find(({ split }) => split === "validation")?.labels.length ?? 0;
  const interval = wilsonInterval(Math.round(best.accuracy * samples), samples);
  const place = `${formatCount(best.epoch)} of ${formatCount(epochs.length)}`;
  const text = `${place}: validation ${formatAccuracy(best.accuracy, interval)}`;
  return [{
    label: "best epoch",
    text: restored < epochs.length ? `${text}; its weights were restored` : text,
  }];
}

/** Returns rows with the commands that a user may run next on a finished run. */
function nextCommandRows({ commandPrefix, path }: FinishedTraining): readonly LabelledText[] {
  const run = quoteForShell(path);
  return [`predict ${run} FILE`, `evaluate ${run}`, `compare ${run} RUN`]
    .map((command, index) => ({
      label: index === 0 ? "next" : "",
      text: `${commandPrefix} ${command}`,
    }));
}

/** Quotes a path as one word of a POSIX shell, where that is necessary. */
function quoteForShell(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
