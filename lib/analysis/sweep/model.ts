/**
 * What the runs of a sweep came to, and the repeats of a setting taken together.
 *
 * @module
 */
import type { Setting } from "../../config/grid.ts";
import { summarize } from "../../evaluate/summarize.ts";
import type { Interval } from "../../evaluate/metrics/interval.ts";
import { canonicalJson, jsonLines } from "../../run/json.ts";
import type { RunRecord } from "../../run/record.ts";
import type { SplitName } from "../../data/parts.ts";
import { defined } from "../../config/defined.ts";

/** The parts that a sweep compares runs by: first the one that settings are chosen by. */
export const COMPARED = ["validation", "test"] as const satisfies readonly SplitName[];

/** A part that a sweep compares runs by. */
export type Compared = (typeof COMPARED)[number];

/** The key of which every value holds other samples out. */
export const FOLD = "split.fold";

/** Keys of which several values are repeats of one setting: other random numbers, other data. */
export const REPEATS: readonly string[] = ["seed", FOLD];

/** The figures of a part. */
export interface PartScore {
  /** Share of right answers, 0 to 1; null if there are no samples. */
  readonly accuracy: number | null;
  /** 95 % interval of the accuracy. */
  readonly interval: Interval | null;
  /** Mean loss a sample; null if it is not finite. */
  readonly loss: number | null;
}

/** A finished run of a sweep. */
export interface SweptRun {
  /** What distinguishes it from the others. */
  readonly settings: readonly Setting[];
  /** Name of the run folder. */
  readonly run: string;
  /** Epochs trained. */
  readonly epochs: number;
  /** The figures of each part that was evaluated. */
  readonly scores: { readonly [Part in Compared]?: PartScore };
}

/** A run of a sweep, of its record. */
export function sweptRun(settings: readonly Setting[], record: RunRecord): SweptRun {
  const { run, epochs, evaluations, classes } = record;
  const scores = COMPARED.flatMap((part) => {
    const found = evaluations.find((evaluation) => evaluation.part === part);
    if (found === undefined) return [];
    const { accuracy, interval, loss } = summarize(found, classes);
    return [[part, { accuracy, interval, loss }] as const];
  });
  return { settings, run, epochs: epochs.length, scores: Object.fromEntries(scores) };
}

/** Mean and standard deviation of some numbers. */
export interface Spread {
  /** Σ x / n. */
  readonly mean: number;
  /** √(Σ (x − mean)² / (n − 1)), of the numbers as a sample of more; undefined of one alone. */
  readonly deviation?: number;
}

/** Mean and standard deviation, summed in the given order; undefined of no numbers. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean };
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, deviation: Math.sqrt(squares / (count - 1)) };
}

/** The repeats of a setting: runs that differ in nothing but {@link REPEATS}. */
export interface SweptSetting {
  /** What they have in common. */
  readonly settings: readonly Setting[];
  /** The runs, in the order of the grid. */
  readonly runs: readonly SweptRun[];
}

/** Runs by their settings, in the order of the grid. */
export function settingsOf(runs: readonly SweptRun[]): readonly SweptSetting[] {
  const common = ({ settings }: SweptRun) => settings.filter(({ key }) => !REPEATS.includes(key));
  const groups = Map.groupBy(runs, (run) => canonicalJson(common(run)));
  return [...groups.values()].map((runs) => ({ settings: common(runs[0]), runs }));
}

/** The spread of a part's figure over the repeats that have it. */
export function spreadOver(
  { runs }: SweptSetting,
  part: Compared,
  figure: "accuracy" | "loss",
): Spread | undefined {
  return spreadOf(runs.flatMap(({ scores }) => scores[part]?.[figure] ?? []));
}

/**
 * How far a setting is behind another in accuracy on the validation part, as a spread over the repeats
 * that both have. Those have the same seed or fold, so they are asked about the same samples, and what
 * these add to the spread of each falls out of the differences. Undefined if there are none.
 */
export function behind(setting: SweptSetting, best: SweptSetting): Spread | undefined {
  const accuracies = new Map(best.runs.map((run) => [repeatOf(run), accuracyOf(run)]));
  return spreadOf(setting.runs.flatMap((run) => {
    const [accuracy, other] = [accuracyOf(run), accuracies.get(repeatOf(run))];
    return typeof accuracy === "number" && typeof other === "number" ? [other - accuracy] : [];
  }));
}

function accuracyOf({ scores }: SweptRun): number | null | undefined {
  return scores.validation?.accuracy;
}

/** Which repeat of its setting a run is. */
function repeatOf({ settings }: SweptRun): string {
  return canonicalJson(settings.filter(({ key }) => REPEATS.includes(key)));
}

/**
 * Settings by their mean accuracy on the validation part, the best first; those without one last,
 * and equals in the order of the grid. The test part does not count: nothing is chosen by it.
 */
export function bestFirst(settings: readonly SweptSetting[]): readonly SweptSetting[] {
  const accuracy = (each: SweptSetting) => spreadOver(each, "validation", "accuracy")?.mean ?? -1;
  return settings.toSorted((a, b) => accuracy(b) - accuracy(a));
}

/** runs.jsonl: a line for each run. */
export function encodeSweptRuns(runs: readonly SweptRun[]): string {
  return jsonLines(runs.map(({ settings, run, epochs, scores }) => ({
    settings: asObject(settings),
    run,
    epochs,
    ...scores,
  })));
}

/** settings.jsonl: a line for each setting, the best first, and how far each is behind that one. */
export function encodeSweptSettings(settings: readonly SweptSetting[]): string {
  const ordered = bestFirst(settings);
  return jsonLines(ordered.map((setting) => ({
    settings: asObject(setting.settings),
    runs: setting.runs.map(({ run }) => run),
    ...Object.fromEntries(COMPARED.flatMap((part) => {
      const [accuracy, loss] = (["accuracy", "loss"] as const).map((figure) =>
        spreadOver(setting, part, figure)
      );
      if (accuracy === undefined) return [];
      return [[part, { accuracy, ...defined({ loss }) }]];
    })),
    ...behindOf(setting, ordered[0]),
  })));
}

function behindOf(setting: SweptSetting, best: SweptSetting): { readonly behind?: Spread } {
  const difference = setting === best ? undefined : behind(setting, best);
  return difference === undefined ? {} : { behind: difference };
}

function asObject(settings: readonly Setting[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(settings.map(({ key, value }) => [key, value]));
}
