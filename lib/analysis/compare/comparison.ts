/**
 * Compares finished runs: their options, their scores, and significance tests of every pair.
 *
 * @module
 */
import { configDifferences, type Difference } from "./difference.ts";
import type { JsonSchema } from "../../config/schemas/json_schema.ts";
import { withoutFileReferences } from "../../data/datasets/identity.ts";
import type { SplitName } from "../../data/split/samples.ts";
import { sha256 } from "../../data/sha256.ts";
import { areSame } from "../../evaluate/ensemble.ts";
import type { Evaluation } from "../../evaluate/evaluation.ts";
import { predictedClasses } from "../../evaluate/predict.ts";
import { holm } from "../../evaluate/significance/holm.ts";
import { discordant, type McNemar, mcnemar } from "../../evaluate/significance/mcnemar.ts";
import { summarize, type Summary } from "../../evaluate/summarize.ts";
import { collectionId, idFromRunName } from "../../run/identity.ts";
import { prettyJson } from "../../run/json.ts";
import type { Manifest } from "../../run/manifest.ts";
import type { RunRecord } from "../../run/record.ts";
import { chooseRanking, type Ranking } from "../../report/runs/ranking.ts";
import {
  COMPARED,
  type Compared,
  type ScoredRun,
  scoresBySplit,
  withoutTestScore,
} from "../../run/scored_run.ts";

/** Evaluation of a run on one split, with the predicted class of each sample and a summary. */
export interface SplitResult {
  readonly evaluation: Evaluation;
  /** Most probable class of each sample [samples]. */
  readonly predicted: Uint16Array<ArrayBuffer>;
  readonly summary: Summary;
}

/**
 * A finished run in a comparison. Its `settings` are the values of the options that differ between the compared
 * runs.
 */
export interface ComparedRun extends ScoredRun, Pick<Manifest, "backend" | "format"> {
  readonly record: RunRecord;
  /** SHA-256 of each of the run's data files. */
  readonly data: readonly string[];
  /** Result on each split on which the run was evaluated. */
  readonly results: ReadonlyMap<SplitName, SplitResult>;
}

/**
 * Builds a run of a comparison from the record and the manifest of the run. Its `settings` are empty until
 * {@linkcode compareRuns}.
 */
export function buildComparedRun(
  record: RunRecord,
  { data, backend, format }: Pick<Manifest, "data" | "backend" | "format">,
): ComparedRun {
  const { run, classes, epochs, evaluations } = record;
  const results = new Map(
    evaluations.filter(({ labels }) => labels.length > 0).map((evaluation) => {
      const shape = { samples: evaluation.labels.length, classes: classes.length };
      const predicted = predictedClasses(evaluation.probabilities, shape);
      const summary = summarize(evaluation, classes);
      return [evaluation.split, { evaluation, predicted, summary }] as const;
    }),
  );
  return {
    settings: [],
    run,
    epochs: epochs.length,
    scores: scoresBySplit((split) => results.get(split)?.summary),
    record,
    data: data.map(({ sha256 }) => sha256),
    backend,
    format,
    results,
  };
}

/** Reason why two runs cannot be compared by a paired significance test. */
export type Unpaired =
  | "different data"
  | "different classes"
  | "no common split"
  | "different samples";

/** Two runs of a comparison, with their significance test or the reason why they have none. */
export interface Pair {
  /** Index of the first run in the comparison. */
  readonly first: number;
  /** Index of the second run in the comparison. */
  readonly second: number;
  /** Significance test; undefined if the runs cannot be paired. */
  readonly test?: PairTest;
  /** Reason why the runs have no test; undefined if they have one. */
  readonly unpaired?: Unpaired;
}

/** Result of McNemar's test of two runs. */
interface PairTest extends McNemar {
  /** Split whose samples were classified by both runs. */
  readonly split: SplitName;
  /** Accuracy of the first run minus that of the second, −1 to 1. */
  readonly difference: number;
  /** p-value adjusted for the number of tests in the comparison: see {@linkcode holm}. */
  readonly adjusted: number;
}

/** A comparison of several runs. */
export interface Comparison {
  /** Name of the comparison's folder, a hash of the runs' names and order. */
  readonly name: string;
  readonly runs: readonly ComparedRun[];
  /** Options that differ between the runs and can change a result. */
  readonly differences: readonly Difference[];
  /** Splits on which runs are compared: validation, preceded by test if that is requested. */
  readonly splits: readonly Compared[];
  /** Split, of `splits`, on which most runs were evaluated; undefined if no run was evaluated on any. */
  readonly split: Compared | undefined;
  /** Split and score that rank the runs; undefined if the runs cannot be ranked. */
  readonly ranking: Ranking | undefined;
  /** Summary of each run on `split`; undefined for runs that were not evaluated on it. */
  readonly summaries: readonly (Summary | undefined)[];
}

/** Options of a comparison. */
export interface CompareOptions {
  /** Whether runs are compared on the test split. Defaults to false. */
  readonly test?: boolean;
}

/**
 * Compares runs, in the given order: finds the options that differ, the split on which they are compared, and
 * their ranking. Significance tests are separate: see {@linkcode comparePairs}.
 *
 * @param schema JSON Schema of configs, which has the default of each option
 * @throws {RangeError} if a run occurs twice
 */
export function compareRuns(
  runs: readonly ComparedRun[],
  schema: JsonSchema,
  { test = false }: CompareOptions = {},
): Comparison {
  const names = runs.map(({ run }) => run);
  expectDistinctRuns(names);
  const differences = findRunDifferences(runs, schema);
  const splits: readonly Compared[] = test ? ["test", "validation"] : ["validation"];
  const split = mostEvaluatedSplit(runs, splits);
  const configs = runs.map(({ record }) => record.config);
  return {
    name: `compare-${collectionId(test ? "test comparison" : "comparison", names)}`,
    runs: runs.map((run, runIndex) => ({
      ...(test ? run : withoutTestScore(run)),
      settings: differingSettings(runIndex, differences),
    })),
    differences,
    splits,
    split,
    ranking: chooseRanking(runs, configs, { test }),
    summaries: runs.map(({ results }) => split && results.get(split)?.summary),
  };
}

/**
 * Returns the values of one run for the options that differ between runs. Options that the config of the run
 * lacks are omitted.
 */
function differingSettings(
  runIndex: number,
  differences: readonly Difference[],
): ScoredRun["settings"] {
  return differences.map(({ key, values }) => ({ key, value: values[runIndex] }))
    .filter(({ value }) => value !== undefined);
}

/** Throws a RangeError if the names of two runs have the same id, by which they have the same results. */
function expectDistinctRuns(names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    const same = names.slice(0, index).find((other) =>
      idFromRunName(other) === idFromRunName(name)
    );
    if (same === undefined) continue;
    const received = same === name ? `"${name}" twice` : `"${same}" and "${name}", one run`;
    throw new RangeError(`Cannot compare runs: expected each run once: received ${received}`);
  }
}

/**
 * Returns the options in which the runs' configs differ, and then differences in the data files, the run from
 * which training started, the backend and the format.
 */
function findRunDifferences(
  runs: readonly ComparedRun[],
  schema: JsonSchema,
): readonly Difference[] {
  const options = configDifferences(
    runs.map(({ record }) => withoutFileReferences(record.config)),
    schema,
  );
  const isOtherData = options.some(({ key }) => key === "load.dataset");
  const more: readonly Difference[] = [
    // different data sets have different files, which need not be listed again
    ...(isOtherData ? [] : [{ key: "data", values: runs.map(({ data }) => dataSetHash(data)) }]),
    { key: "started from", values: runs.map(({ record }) => formatOrigin(record)) },
    { key: "backend", values: runs.map(({ backend }) => backend) },
    { key: "format", values: runs.map(({ format }) => format) },
  ];
  return [...options, ...more.filter(({ values }) => new Set(values).size > 1)];
}

/**
 * Returns ten hexadecimal digits that identify a data set.
 *
 * @param fileHashes SHA-256 of each file of the data set
 */
function dataSetHash(fileHashes: readonly string[]): string {
  return sha256(new TextEncoder().encode(fileHashes.join("\n"))).slice(0, 10);
}

/** Formats the run from which training started; undefined if training started from initial parameters. */
function formatOrigin({ origin }: RunRecord): string | undefined {
  return origin === undefined ? undefined : `${origin.kind} of ${origin.run}`;
}

/**
 * Returns the split on which most runs were evaluated, the first of several such splits. Returns undefined if
 * no run was evaluated on any.
 *
 * @param splits candidates in order of preference
 */
function mostEvaluatedSplit(
  runs: readonly ComparedRun[],
  splits: readonly Compared[],
): Compared | undefined {
  const count = (split: Compared) => runs.filter(({ results }) => results.has(split)).length;
  const [best] = splits.toSorted((a, b) => count(b) - count(a));
  return count(best) > 0 ? best : undefined;
}

/**
 * Returns the first split on which both runs were evaluated with the same samples. Returns the reason in
 * `unpaired` if there is none.
 *
 * @param splits candidates in order of preference
 */
export function findPairedSplit(
  a: ComparedRun,
  b: ComparedRun,
  splits: readonly SplitName[],
): { readonly split?: SplitName; readonly unpaired?: Unpaired } {
  if (a.data.join() !== b.data.join()) return { unpaired: "different data" };
  const [classes, others] = [a, b].map(({ record }) => JSON.stringify(record.classes));
  if (classes !== others) return { unpaired: "different classes" };
  const common = splits.filter((split) => a.results.has(split) && b.results.has(split));
  if (common.length === 0) return { unpaired: "no common split" };
  const split = common.find((split) =>
    areSame(splitResult(a, split).evaluation, splitResult(b, split).evaluation)
  );
  return split === undefined ? { unpaired: "different samples" } : { split };
}

/** Returns a run's result on a split. The run must have been evaluated on it. */
export function splitResult({ results }: ComparedRun, split: SplitName): SplitResult {
  return results.get(split) as SplitResult;
}

/**
 * Tests every pair of runs by McNemar's test, and adjusts the p-values for the number of tests. A pair is
 * tested on the first of the comparison's splits on which both runs were evaluated with the same samples. A
 * pair without such a split has the reason in place of a test.
 */
export function comparePairs({ runs, splits }: Comparison): readonly Pair[] {
  const pairs = runs.flatMap((one, first) =>
    runs.slice(first + 1).map((other, index) => ({
      first,
      second: first + 1 + index,
      ...testPair(one, other, splits),
    }))
  );
  const adjusted = holm(pairs.flatMap(({ test }) => test?.pValue ?? [])).values();
  return pairs.map(({ test, ...pair }) => {
    if (test === undefined) return pair;
    return { ...pair, test: { ...test, adjusted: adjusted.next().value as number } };
  });
}

/** Tests one pair of runs, without adjusting the p-value. Returns the reason if the runs cannot be paired. */
function testPair(
  one: ComparedRun,
  other: ComparedRun,
  splits: readonly SplitName[],
): { readonly test?: Omit<PairTest, "adjusted">; readonly unpaired?: Unpaired } {
  const { split, ...reason } = findPairedSplit(one, other, splits);
  if (split === undefined) return reason;
  const [first, second] = [splitResult(one, split), splitResult(other, split)];
  const { labels } = first.evaluation;
  const test = mcnemar(discordant(labels, first.predicted, second.predicted));
  const difference = (test.onlyFirst - test.onlySecond) / labels.length;
  return { test: { split, difference, ...test } };
}

/**
 * Encodes compare.json: the runs in order, the options in which they differ, and every pair of runs.
 *
 * @param pairs result of {@linkcode comparePairs}
 */
export function encodeComparison(
  { runs, differences, splits, split, ranking }: Comparison,
  pairs: readonly Pair[],
): string {
  return prettyJson({
    split: split ?? null,
    ranking: ranking ?? null,
    runs: runs.map(({ run, epochs, record: { parameters, classes }, results }) => ({
      run,
      parameters,
      epochs,
      classes: classes.length,
      ...Object.fromEntries(
        COMPARED.flatMap((split) => {
          const summary = results.get(split)?.summary;
          if (summary === undefined || !splits.includes(split)) return [];
          const { accuracy, interval, loss, mistakes, samples, classes } = summary;
          const recall = classes.map(({ recall }) => recall);
          return [[split, { accuracy, interval, loss, mistakes, samples, recall }]];
        }),
      ),
    })),
    differences: differences.map(({ key, values }) => ({
      key,
      values: values.map((value) => value ?? null),
    })),
    pairs: pairs.map(({ first, second, test, unpaired }) => ({
      first: runs[first].run,
      second: runs[second].run,
      ...(test ?? { unpaired }),
    })),
  });
}
