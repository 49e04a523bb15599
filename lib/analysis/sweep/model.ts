/**
 * The settings of a sweep: their runs taken together, compared, and as the lines of its files.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import type { Setting } from "../../config/grid.ts";
import { betterFirst, type RankedBy, type Ranking } from "../../report/runs/ranking.ts";
import { canonicalJson, jsonLines } from "../../run/json.ts";
import { COMPARED, type Compared, type ScoredRun } from "../../run/scored_run.ts";
import { type Spread, spreadOf } from "../../tensor/math/statistics.ts";

/** The key of which every value holds other samples out. */
export const FOLD = "split.fold";

/** Keys of which several values are repeats of one setting: other random numbers, other data. */
export const REPEATS: readonly string[] = ["seed", FOLD];

/** The repeats of a setting: runs that differ in nothing but {@link REPEATS}. */
export interface SweptSetting {
  /** What they have in common. */
  readonly settings: readonly Setting[];
  /** The runs, in the order of the grid. */
  readonly runs: readonly ScoredRun[];
}

/** Runs by their settings, in the order of the grid. */
export function settingsOf(runs: readonly ScoredRun[]): readonly SweptSetting[] {
  const common = ({ settings }: ScoredRun) => settings.filter(({ key }) => !REPEATS.includes(key));
  const groups = Map.groupBy(runs, (run) => canonicalJson(common(run)));
  return [...groups.values()].map((runs) => ({ settings: common(runs[0]), runs }));
}

/** The spread of a split's figure over the repeats that have it. */
export function spreadOver(
  { runs }: SweptSetting,
  split: Compared,
  figure: RankedBy,
): Spread | undefined {
  return spreadOf(runs.flatMap(({ scores }) => scores[split]?.[figure] ?? []));
}

/**
 * Paired difference in the ranking's figure between the best setting and another, by how much that is
 * worse: mean and deviation over the repeats that both have. A repeat has the same seed or fold in both, so
 * what its samples add to the spread of each setting falls out of the difference. Undefined if they share
 * no repeat.
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

/** Returns the settings that tell the repeats of one setting apart, as a key. */
function repeatOf({ settings }: ScoredRun): string {
  return canonicalJson(settings.filter(({ key }) => REPEATS.includes(key)));
}

/**
 * Settings by the mean of the ranking's figure, the best first; those without one last, and equals in the
 * order of the grid, as all are if nothing ranks them.
 */
export function bestFirst(
  settings: readonly SweptSetting[],
  ranking: Ranking | undefined,
): readonly SweptSetting[] {
  if (ranking === undefined) return settings;
  const { split, figure } = ranking;
  const mean = (each: SweptSetting) => spreadOver(each, split, figure)?.mean;
  return settings.toSorted((a, b) => betterFirst(figure, mean(a), mean(b)));
}

/** runs.jsonl: a line for each run. */
export function encodeSweptRuns(runs: readonly ScoredRun[]): string {
  return jsonLines(runs.map(({ settings, run, epochs, scores }) => ({
    settings: asObject(settings),
    run,
    epochs,
    ...scores,
  })));
}

/** settings.jsonl: a line for each setting, the best first, and how far each is behind that one. */
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
      behind: place === 0 || ranking === undefined
        ? undefined
        : pairedDifference(setting, ordered[0], ranking),
    }),
  })));
}

function asObject(settings: readonly Setting[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(settings.map(({ key, value }) => [key, value]));
}
