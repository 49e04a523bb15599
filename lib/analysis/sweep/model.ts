/**
 * Groups the runs of a sweep by setting, compares the settings, and encodes both as lines of files.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import type { Setting } from "../../config/grid.ts";
import { compareBetterFirst, type RankedBy, type Ranking } from "../../report/runs/ranking.ts";
import { canonicalJson, jsonLines } from "../../run/json.ts";
import { COMPARED, type Compared, type ScoredRun } from "../../run/scored_run.ts";
import { type Spread, spreadOf } from "../../tensor/math/statistics.ts";

/** The key of cross-validation folds, each of which holds out different samples. */
export const FOLD = "split.fold";

/** Keys whose values are repeats of one setting: different random numbers or held-out samples. */
export const REPEATS: readonly string[] = ["seed", FOLD];

/** The repeats of a setting: runs that differ only in {@link REPEATS}. */
export interface SweptSetting {
  /** Settings shared by the runs. */
  readonly settings: readonly Setting[];
  /** The runs, in the order of the grid. */
  readonly runs: readonly ScoredRun[];
}

/** Groups runs by setting, in the order of the grid. */
export function settingsOf(runs: readonly ScoredRun[]): readonly SweptSetting[] {
  const common = ({ settings }: ScoredRun) => settings.filter(({ key }) => !REPEATS.includes(key));
  const groups = Map.groupBy(runs, (run) => canonicalJson(common(run)));
  return [...groups.values()].map((runs) => ({ settings: common(runs[0]), runs }));
}

/** Returns mean and deviation of a metric on a split over the repeats that have it. */
export function spreadOver(
  { runs }: SweptSetting,
  split: Compared,
  figure: RankedBy,
): Spread | undefined {
  return spreadOf(runs.flatMap(({ scores }) => scores[split]?.[figure] ?? []));
}

/**
 * Computes the paired difference in the ranked metric between the best setting and another: mean and
 * deviation over their common repeats, positive if the other is worse. A repeat has the same seed or fold in
 * both, so the variation due to its samples cancels. Undefined without common repeats.
 */
export function pairedDifference(
  setting: SweptSetting,
  best: SweptSetting,
  { split, figure }: Ranking,
): Spread | undefined {
  const valueOf = ({ scores }: ScoredRun) => scores[split]?.[figure];
  const values = new Map(best.runs.map((run) => [repeatOf(run), valueOf(run)]));
  return spreadOf(setting.runs.flatMap((run) => {
    const [value, other] = [valueOf(run), values.get(repeatOf(run))];
    if (typeof value !== "number" || typeof other !== "number") return [];
    return [figure === "loss" ? value - other : other - value];
  }));
}

/** Returns a key that identifies a repeat of a setting. */
function repeatOf({ settings }: ScoredRun): string {
  return canonicalJson(settings.filter(({ key }) => REPEATS.includes(key)));
}

/**
 * Sorts settings by the mean of the ranked metric, best first; settings without one are last. The sort is
 * stable, and without a ranking the order of the grid is kept.
 */
export function bestFirst(
  settings: readonly SweptSetting[],
  ranking: Ranking | undefined,
): readonly SweptSetting[] {
  if (ranking === undefined) return settings;
  const { split, figure } = ranking;
  const mean = (each: SweptSetting) => spreadOver(each, split, figure)?.mean;
  return settings.toSorted((a, b) => compareBetterFirst(figure, mean(a), mean(b)));
}

/** Encodes runs.jsonl: a line for each run. */
export function encodeSweptRuns(runs: readonly ScoredRun[]): string {
  return jsonLines(runs.map(({ settings, run, epochs, scores }) => ({
    settings: asObject(settings),
    run,
    epochs,
    ...scores,
  })));
}

/** Encodes settings.jsonl: a line for each setting, best first, with the paired difference to the best. */
export function encodeSweptSettings(
  settings: readonly SweptSetting[],
  ranking: Ranking | undefined,
): string {
  const ordered = bestFirst(settings, ranking);
  return jsonLines(ordered.map((setting, place) => ({
    settings: asObject(setting.settings),
    runs: setting.runs.map(({ run }) => run),
    ...Object.fromEntries(COMPARED.flatMap((split) => {
      const accuracy = spreadOver(setting, split, "accuracy");
      if (accuracy === undefined) return [];
      return [[split, { accuracy, ...defined({ loss: spreadOver(setting, split, "loss") }) }]];
    })),
    ...defined({
      pairedDifference: place === 0 || ranking === undefined
        ? undefined
        : pairedDifference(setting, ordered[0], ranking),
    }),
  })));
}

function asObject(settings: readonly Setting[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(settings.map(({ key, value }) => [key, value]));
}
