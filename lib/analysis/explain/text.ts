/**
 * Formats an explanation as text, and the sentences and tables that its panels share.
 *
 * @module
 */
import { encodedFeatureNames } from "../../data/encode/encoding.ts";
import {
  formatCount,
  formatCountWithNoun,
  formatFixed,
  formatNumber,
} from "../../format/numbers.ts";
import { formatPercent, type PercentOptions, PLAIN } from "../../format/percent.ts";
import { formatTable, left, NONE, right, type TextTable } from "../../format/text_table.ts";
import { imageShape } from "../../report/images.ts";
import { formatSplit } from "../../report/result.ts";
import { log } from "../../tensor/math/math.ts";
import { sizeOf } from "../../tensor/mod.ts";
import type { BatchResult } from "./batch.ts";
import { formatExample } from "./example_text.ts";
import type { Answer, Explanation } from "./explanation.ts";
import type { Influences } from "./influences.ts";
import { unscaleFeatures } from "./images.ts";
import type { Subject } from "./sample.ts";

/** Largest number of classes that are listed. If there are more, the most probable ones are listed. */
const MOST_CLASSES = 20;

/** Largest number of features in a table. */
const MOST_FEATURES = 30;

const SHARES: PercentOptions = { ...PLAIN, clamped: true };

/** Sentence on the limits of gradient × input. */
export const GRADIENT_LIMITS =
  "It does not show a cause: the gradient describes the network at this sample alone.";

/** Sentence on the limits of gradient × input and of occlusion. */
export const EVIDENCE_LIMITS =
  "Neither shows a cause: the gradient describes the network at this sample alone, and a sample with a part " +
  "set to 0 is unlike those it was trained on.";

/** Formats an explanation as lines of text. */
export function formatExplanation(explanation: Explanation): readonly string[] {
  const { subject, answer, example, influences } = explanation;
  return [
    formatTitle(subject),
    formatAnswer(subject, answer),
    ...(subject.batch === undefined ? [] : [formatBatch(subject, subject.batch)]),
    "",
    ...formatTable(answerTable(subject, answer)),
    "",
    ...(example === undefined ? [] : [
      ...(imageShape(subject.model.shape) === undefined
        ? [...formatTable(featureTable(explanation)), ""]
        : []),
      ...formatExample(example),
      "",
    ]),
    ...(influences === undefined ? [] : formatInfluences(subject, influences)),
  ];
}

/**
 * Formats, in one line, the names of the network and of its weights, the row and split of the sample, and its
 * true class.
 */
export function formatTitle({ title, weights, split, row, sample, model }: Subject): string {
  const name = model.classes[sample.labels[0]];
  return `${title}, ${weights}: row ${row} of the ${formatSplit(split)} split, class ${name}`;
}

/** Formats, in one line, the two most probable classes, whether the most probable one is right, and the loss. */
export function formatAnswer({ model, sample }: Subject, { probabilities, loss }: Answer): string {
  const label = sample.labels[0];
  const [first, second] = rankClasses(probabilities);
  const shown = (index: number) =>
    `${model.classes[index]} with ${formatPercent(probabilities[index], 2, SHARES)}`;
  const verdict = first === label
    ? "right"
    : second === label
    ? "wrong"
    : `wrong: ${model.classes[label]} has ${formatPercent(probabilities[label], 2, SHARES)}`;
  return `Answer ${shown(first)}, then ${shown(second)}: ${verdict}; loss ${formatNumber(loss, 6)}`;
}

/**
 * Formats, in one line, the mean loss of the first batch and the norm of its gradient, beside the cross-entropy
 * of equal probabilities.
 */
export function formatBatch({ model: { classes } }: Subject, batch: BatchResult): string {
  const { samples, loss, gradientNorm } = batch;
  return `First batch of ${formatCountWithNoun(samples, "sample")}: mean loss ${
    formatNumber(loss, 6)
  }, norm of ` +
    `the gradient ${
      formatNumber(gradientNorm)
    }; equal probabilities of ${classes.length} classes have a ` +
    `cross-entropy of ${formatNumber(log(classes.length), 6)}`;
}

/**
 * Returns the indices of classes from the most to the least probable. Equally probable classes keep their
 * order.
 *
 * @param probabilities probability of each class [classes]
 */
export function rankClasses(probabilities: ArrayLike<number>): readonly number[] {
  return Array.from({ length: probabilities.length }, (_, index) => index)
    .sort((a, b) => probabilities[b] - probabilities[a] || a - b);
}

/** Returns a table with the logit and the probability of each class, or of the most probable ones if there are many. */
export function answerTable(
  { model: { classes } }: Subject,
  { logits, probabilities }: Answer,
): TextTable {
  const shown = classes.length <= MOST_CLASSES
    ? classes.map((_, index) => index)
    : rankClasses(probabilities).slice(0, MOST_CLASSES);
  return {
    columns: [left("class"), right("logit"), right("probability")],
    rows: shown.map((index) => [
      classes[index],
      formatNumber(logits[index], 6),
      formatNumber(probabilities[index], 4),
    ]),
  };
}

/**
 * Returns the name of each feature: those of the table's encoded columns, or "feature 1" and so on if the data
 * are not a table.
 */
export function featureNames({ model: { table, columns, shape } }: Subject): readonly string[] {
  const names = table === undefined ? columns : encodedFeatureNames(table);
  return names ?? Array.from({ length: sizeOf(shape) }, (_, index) => `feature ${index + 1}`);
}

/**
 * Returns a table of the first features: the raw value of each and, unless a reduction mixes features, the
 * normalized value that is the network's input.
 *
 * @param x normalized features, in double precision
 */
export function featureTable({ subject, x }: Pick<Explanation, "subject" | "x">): TextTable {
  const { sample: { values }, model: { normalization: { reduction } } } = subject;
  const isSame = reduction === undefined;
  const rows = featureNames(subject).slice(0, MOST_FEATURES).map((name, index) => [
    name,
    formatNumber(values[index], 6),
    ...(isSame ? [`x[${index + 1}]`, formatNumber(x[index], 6)] : []),
  ]);
  const columns = [left("feature"), right("value")];
  return { columns: isSame ? [...columns, left("input"), right("normalized")] : columns, rows };
}

/** Formats the loss of the sample before and after the update by its gradient in one sentence. */
export function formatUpdate({ update }: Subject, { loss, lossAfter }: Influences): string {
  const { own, rate } = update;
  const step = own === undefined
    ? "One step of plain gradient descent"
    : `Update ${formatCount(own.step)} by ${own.name}, by the gradient of this sample alone,`;
  return `${step} at the rate ${formatNumber(rate)} changes the loss from ` +
    `${formatNumber(loss, 6)} to ${formatNumber(lossAfter, 6)}.`;
}

/**
 * Returns a table of the Euclidean norms of the loss gradient by layer, with respect to the parameters and to
 * the input of the layer.
 */
export function gradientNormTable({ gradients }: Influences): TextTable {
  return {
    columns: [left("layer"), right("by its parameters"), right("by its input")],
    rows: gradients.map(({ layer, parameters, input }) => [
      layer,
      parameters === undefined ? NONE : formatNumber(parameters),
      formatNumber(input),
    ]),
  };
}

/**
 * Returns a table of the contributions of units of the last hidden layer to the logits of the two most probable
 * classes.
 */
export function contributionTable(
  { model: { classes } }: Subject,
  { contributions, unlisted, answer, runnerUp }: Influences,
): TextTable {
  return {
    columns: [
      left("unit"),
      right("output"),
      right(`to ${classes[answer]}`),
      right(`to ${classes[runnerUp]}`),
      right("difference"),
    ],
    rows: contributions.map(({ unit, output, toAnswer, toRunnerUp }, index) => [
      unit === undefined
        ? index === contributions.length - 1 ? "rest" : `${formatCount(unlisted)} others`
        : `${unit}`,
      output === undefined ? "" : formatNumber(output),
      formatFixed(toAnswer, 3),
      formatFixed(toRunnerUp, 3),
      formatFixed(toAnswer - toRunnerUp, 3),
    ]),
  };
}

/** Returns a table of the features with the largest magnitude of gradient × input, by falling magnitude. */
export function evidenceTable(subject: Subject, { gradientTimesInput }: Influences): TextTable {
  const names = featureNames(subject);
  const order = Array.from(gradientTimesInput.keys())
    .sort((a, b) => Math.abs(gradientTimesInput[b]) - Math.abs(gradientTimesInput[a]) || a - b);
  return {
    columns: [left("feature"), right("value"), right("gradient × input")],
    rows: order.slice(0, MOST_FEATURES).map((index) => [
      names[index],
      formatNumber(subject.sample.values[index]),
      formatNumber(gradientTimesInput[index]),
    ]),
  };
}

/**
 * Describes, in one sentence, the smallest change of the sample that was found to change the predicted class,
 * or that none was found. The size of the change is in grey levels for 8-bit features, and in scaled features
 * otherwise.
 */
export function formatChange(
  subject: Subject,
  { change, answer, features }: Pick<Influences, "change" | "answer" | "features">,
): string {
  const { model: { classes }, sample: { values } } = subject;
  if (change === undefined) return "No change of the answer was found.";
  const isBytes = values instanceof Uint8Array;
  const moves = isBytes
    ? unscaleFeatures(subject, change.features).map((value, i) => value - values[i])
    : change.features.map((value, i) => value - features[i]);
  const norm = Math.sqrt(moves.reduce((sum, move) => sum + move * move, 0));
  const most = moves.reduce((most, move) => Math.max(most, Math.abs(move)), 0);
  const size = isBytes
    ? `${formatNumber(norm)}, at most ${formatNumber(most, 3)} of 255 grey levels in a pixel`
    : `${formatNumber(norm)} in normalized features, at most ${formatNumber(most, 3)} in one`;
  return `The smallest change found that turns the answer ${classes[answer]} into ${
    classes[change.answer]
  } has a Euclidean norm of ${size}.`;
}

/**
 * Returns a table of the features that change most when the sample is changed so that another class is
 * predicted, with their raw values before and after. Returns undefined if no such change was found.
 */
export function changeTable(
  subject: Subject,
  { change, features }: Influences,
): TextTable | undefined {
  if (change === undefined) return undefined;
  const names = featureNames(subject);
  const raw = unscaleFeatures(subject, change.features);
  const moveOf = (feature: number) => Math.abs(change.features[feature] - features[feature]);
  const order = Array.from(features.keys()).sort((a, b) => moveOf(b) - moveOf(a) || a - b);
  return {
    columns: [left("feature"), right("value"), right("after the change")],
    rows: order.slice(0, MOST_FEATURES).map((index) => [
      names[index],
      formatNumber(subject.sample.values[index]),
      formatNumber(raw[index]),
    ]),
  };
}

/**
 * Formats influences as sections of lines: gradient norms, units, contributions, evidence, and the smallest
 * change.
 */
function formatInfluences(subject: Subject, influences: Influences): readonly string[] {
  const { classes } = subject.model;
  const { answer, runnerUp, units, areHidden, contributions, occlusion } = influences;
  const changes = occlusion === undefined ? changeTable(subject, influences) : undefined;
  const margin = `logit of ${classes[answer]} less that of ${classes[runnerUp]}`;
  return [
    "norm of the gradient of the loss, by layer",
    ...formatTable(gradientNormTable(influences)),
    formatUpdate(subject, influences),
    "",
    ...(areHidden
      ? [
        `strongest units of the first hidden layer: output times slope of the ${margin}`,
        ...formatTable({
          columns: [right("unit"), right("output"), right("influence")],
          rows: units.map(({ unit, output, influence }) => [
            `${unit}`,
            formatNumber(output),
            formatNumber(influence),
          ]),
        }),
        "",
      ]
      : []),
    ...(contributions.length === 0 ? [] : [
      "contributions of the last hidden layer to the logits: output times weight",
      ...formatTable(contributionTable(subject, influences)),
      "",
    ]),
    ...(occlusion === undefined
      ? [
        `evidence: gradient of the ${margin}, times normalized feature`,
        ...formatTable(evidenceTable(subject, influences)),
        GRADIENT_LIMITS,
      ]
      : [
        `evidence: gradient of the ${margin}, times pixel; and its fall where ${occlusion.side} × ` +
        `${occlusion.side} pixels are set to 0: see explain.svg`,
        EVIDENCE_LIMITS,
      ]),
    "",
    formatChange(subject, influences),
    ...(changes === undefined ? [] : formatTable(changes)),
  ];
}
