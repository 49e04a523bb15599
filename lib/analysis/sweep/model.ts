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

/** Key that varies the fold of a cross-validation. Each fold holds out different samples. */
export const FOLD = "split.fold";

/** Keys of options whose values repeat the same setting, with other random numbers or other held-out samples. */
export const REPEATS: readonly string[] = ["seed", FOLD];

/** A combination of option values in a sweep, with its repeats: runs that differ only in seed or fold. */
export interface SweptSetting {
  /** Values of the options, which all of the runs share. */
  readonly settings: readonly Setting[];
  /** Runs, in the order of the grid. */
  readonly runs: readonly ScoredRun[];
}

/** Groups runs that differ only in seed or fold. Groups, and the runs in each, are in the order of the grid. */
export function groupBySetting(runs: readonly ScoredRun[]): readonly SweptSetting[] {
  const common = ({ settings }: ScoredRun) => settings.filter(({ key }) => !REPEATS.includes(key));
  const groups = Map.groupBy(runs, (run) => canonicalJson(common(run)));
  return [...groups.values()].map((runs) => ({ settings: common(runs[0]), runs }));
}

/**
 * Returns the mean and standard deviation of a score over the runs of a setting; undefined if no run has the
 * score.
 *
 * @param split split on which the score was measured
 * @param figure score: accuracy or loss
 */
export function scoreSpread(
  { runs }: SweptSetting,
  split: Compared,
  figure: RankedBy,
): Spread | undefined {
  return spreadOf(runs.flatMap(({ scores }) => scores[split]?.[figure] ?? []));
}

/**
 * Computes by how much a setting is worse than the best one, in the score that ranks settings. Each run is
 * paired with the run of the best setting that has the same seed and fold. The result is the mean and standard
 * deviation of the difference over these pairs. Runs of a pair have the same samples, so variation due to
 * samples cancels. Positive is worse.
 *
 * @returns undefined if no two runs of the settings have the same seed and fold, and this score
 */
export function pairedDifference(
  setting: SweptSetting,
  best: SweptSetting,
  { split, figure }: Ranking,
): Spread | undefined {
  const valueOf = ({ scores }: ScoredRun) => scores[split]?.[figure];
  const values = new Map(best.runs.map((run) => [repeatKey(run), valueOf(run)]));
  return spreadOf(setting.runs.flatMap((run) => {
    const [value, other] = [valueOf(run), values.get(repeatKey(run))];
    if (typeof value !== "number" || typeof other !== "number") return [];
    return [figure === "loss" ? value - other : other - value];
  }));
}

/**
 * Returns a text that is equal for runs of the same seed and fold, by which runs of different settings are
 * paired.
 */
function repeatKey({ settings }: ScoredRun): string {
  return canonicalJson(settings.filter(({ key }) => REPEATS.includes(key)));
}

/**
 * Sorts settings by the mean of the score that ranks them, best first; settings without this score are last. Without a
 * ranking, settings keep their order.
 */
export function sortSettings(
  settings: readonly SweptSetting[],
  ranking: Ranking | undefined,
): readonly SweptSetting[] {
  if (ranking === undefined) return settings;
  const { split, figure } = ranking;
  const mean = (each: SweptSetting) => scoreSpread(each, split, figure)?.mean;
  return settings.toSorted((a, b) => compareBetterFirst(figure, mean(a), mean(b)));
}

/** Encodes runs.jsonl of a sweep, with a line for each run in the order of the grid. */
export function encodeSweptRuns(runs: readonly ScoredRun[]): string {
  return jsonLines(runs.map(({ settings, run, epochs, scores }) => ({
    settings: settingsObject(settings),
    run,
    epochs,
    ...scores,
  })));
}

/**
 * Encodes settings.jsonl of a sweep: a line for each setting, best first, with its paired difference from the
 * best one.
 *
 * @param ranking split and score that rank the settings; undefined if they are not ranked, which keeps their
 * order and omits differences
 */
export function encodeSweptSettings(
  settings: readonly SweptSetting[],
  ranking: Ranking | undefined,
): string {
  const ordered = sortSettings(settings, ranking);
  return jsonLines(ordered.map((setting, place) => ({
    settings: settingsObject(setting.settings),
    runs: setting.runs.map(({ run }) => run),
    ...Object.fromEntries(COMPARED.flatMap((split) => {
      const accuracy = scoreSpread(setting, split, "accuracy");
      if (accuracy === undefined) return [];
      return [[split, { accuracy, ...defined({ loss: scoreSpread(setting, split, "loss") }) }]];
    })),
    ...defined({
      pairedDifference: place === 0 || ranking === undefined
        ? undefined
        : pairedDifference(setting, ordered[0], ranking),
    }),
  })));
}

/** Returns the values of options by key. */
function settingsObject(settings: readonly Setting[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(settings.map(({ key, value }) => [key, value]));
}
