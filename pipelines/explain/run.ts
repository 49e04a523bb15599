import { join } from "@std/path";
import { computeBatchResult } from "../../lib/analysis/explain/batch.ts";
import { explainSample } from "../../lib/analysis/explain/explanation.ts";
import { explanationDrawings } from "../../lib/analysis/explain/drawings.ts";
import { formatExplanation } from "../../lib/analysis/explain/text.ts";
import {
  preprocessedSample,
  requireRow,
  rowByLowestProbability,
} from "../../lib/analysis/explain/sample.ts";
import type { NamedSplit } from "../../lib/data/split/samples.ts";
import { writeResultFolder } from "../../lib/io/results/result_folder.ts";
import { losses } from "../../lib/nn/mod.ts";
import { formatSplit } from "../../lib/report/result.ts";
import { FILES } from "../../lib/run/folder.ts";
import { slug } from "../../lib/run/names.ts";
import { evaluateSplit } from "../../lib/train/inference/evaluate.ts";
import type { Invocation, InvocationOf } from "../cli/declaration.ts";
import { foldersAndWorkers, UsageError } from "../cli/options.ts";
import { printFolder } from "../cli/printing.ts";
import { openRun } from "../experiment/open_run.ts";
import type { command } from "../explain.ts";
import { openConfig, openFinished, type Subject } from "./subject.ts";

/** Option values of the command `explain`. */
type Options = InvocationOf<typeof command>["options"];

export async function run(
  { positionals: [named], options, startup, signal }: InvocationOf<typeof command>,
): Promise<void> {
  const { row: wanted, worst, output } = options;
  if (wanted !== undefined && worst !== undefined) {
    throw new UsageError("expected --row or --worst, not both");
  }
  const subject = await openSubject(named, { options, startup, signal });
  const { model, title, weights, lossName, update, splits, batch } = subject;
  const chosen = chooseSplit(subject, options);
  const row = await chooseRow(subject, chosen, options);
  const explanation = explainSample({
    title,
    weights,
    model,
    lossNote: losses.get(lossName).doc,
    update,
    split: chosen.name,
    row,
    sample: preprocessedSample(chosen.split, row, model.preparation),
    batch: batch && computeBatchResult(model, splits.train, batch),
  });
  const folder = join(
    output,
    `${slug(title)}-explain-${subject.idOf({ split: chosen.name, row, update: options.update })}`,
  );
  const name = folder.split("/").at(-1) ?? folder;
  const lines = formatExplanation(explanation);
  const { report, charts } = explanationDrawings(explanation, name);
  await writeResultFolder(folder, [
    ["explain.txt", `${lines.join("\n")}\n`],
    ...charts.map(({ name, svg }) => [`${FILES.charts}/${name}.svg`, svg] as const),
    ["explain.svg", report],
  ]);
  await printFolder({ folder, lines }, options);
}

/**
 * Opens what is explained: the finished run of a name or path, or the config at a path that ends with
 * ".json".
 *
 * @throws {UsageError} if `--set` is given with a run
 */
async function openSubject(
  runOrConfig: string,
  { options, startup, signal }: Pick<Invocation, "startup" | "signal"> & {
    readonly options: Options;
  },
): Promise<Subject> {
  const where = foldersAndWorkers(options, startup);
  const { set, update } = options;
  if (runOrConfig.endsWith(".json")) {
    return await openConfig(runOrConfig, { ...where, set, update, signal });
  }
  if (set.length > 0) {
    throw new UsageError(
      `expected a config with --set: received "${runOrConfig}", a run, which is fixed`,
    );
  }
  return await openFinished(await openRun(runOrConfig, startup, options.output), {
    ...where,
    update,
  });
}

/**
 * Returns the split that `--split` names, or the subject's default split. Throws a RangeError if the data has
 * no such split, or no sample in it.
 */
function chooseSplit({ splits, split }: Subject, options: Options): NamedSplit {
  const name = options.split ?? split;
  const found = splits[name];
  if (found !== undefined && found.rows.length > 0) return { name, split: found };
  throw new RangeError(`Cannot explain: expected a ${formatSplit(name)} split: the data has none`);
}

/**
 * Returns the row of the sample to explain: N of `--row N`, or the row whose class has the K-th lowest
 * probability for `--worst K`. Without these options it is the first row of the first batch or, for another
 * split or a finished run, of the split.
 */
async function chooseRow(
  { model, batch, evaluations, split }: Subject,
  namedSplit: NamedSplit,
  { row, worst }: Options,
): Promise<number> {
  if (row !== undefined) return requireRow(namedSplit, row);
  if (worst === undefined) {
    return namedSplit.name === split && batch ? batch[0] : namedSplit.split.rows[0];
  }
  const evaluation = evaluations.find((each) => each.split === namedSplit.name) ??
    await evaluateSplit(model, namedSplit.name, namedSplit.split);
  return rowByLowestProbability(evaluation, { k: worst, classes: model.classes.length });
}
