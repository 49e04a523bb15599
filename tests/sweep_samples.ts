/**
 * The sweeps in outputs/samples/sweeps: what a page shows of them, and what their files are held to.
 *
 * @module
 */
import type { Setting } from "../lib/config/grid.ts";
import { formatSettingValue } from "../lib/report/runs/names.ts";
import { REPEATS } from "../lib/analysis/sweep/model.ts";
import type { Spread } from "../lib/tensor/math/statistics.ts";
import type { ScoredRun } from "../lib/run/scored_run.ts";

const ROOT = new URL("../", import.meta.url);

/** Returns the folder with the files of a sweep. */
export function sampleFolder(name: string): URL {
  return new URL(`outputs/samples/sweeps/${name}/`, ROOT);
}

/** Names of the configs in configs/sweeps, in alphabetic order. */
export function sweepNames(): readonly string[] {
  return [...Deno.readDirSync(new URL("configs/sweeps", ROOT))]
    .flatMap(({ name }) => /^(.*)\.json$/.exec(name)?.[1] ?? [])
    .sort();
}

/** The runs of a sample. */
export function sampleRuns(name: string): readonly ScoredRun[] {
  return linesOf(name, "runs.jsonl").map(({ settings, run, epochs, ...scores }) => ({
    settings: Object.entries(settings).map(([key, value]) => ({ key, value })),
    ...{ run, epochs, scores } as Pick<ScoredRun, "run" | "epochs" | "scores">,
  }));
}

/** A line of settings.jsonl. */
interface SettingLine {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly runs: readonly string[];
  readonly validation: { readonly accuracy: Spread };
  readonly pairedDifference?: Spread;
}

/**
 * The rows of a page's table of a sample, in the order of the grid. Of one option: each value, with mean
 * and deviation, and the paired difference to the best. Of two: a row for each value of the first with the
 * means over those of the second, its best in bold, and its paired difference to the best of all. Of
 * seeds alone: one row.
 */
export function sampleRows(name: string): readonly string[] {
  const { sweep } = JSON.parse(Deno.readTextFileSync(new URL("sweep.json", sampleFolder(name))));
  const lines = linesOf(name, "settings.jsonl") as unknown as readonly SettingLine[];
  const own = Object.keys(sweep).filter((key) => !REPEATS.includes(key));
  const [first, second] = own;
  const lineOf = (...settings: readonly Setting[]) =>
    lines.find((line) =>
      settings.every(({ key, value }) =>
        JSON.stringify(line.settings[key]) === JSON.stringify(value)
      )
    );
  if (first === undefined) return [rangeRow(sampleRuns(name), lines[0])];
  return sweep[first].map((value: unknown) => {
    const here = { key: first, value };
    const best = lineOf(here); // lines have the best first
    if (second === undefined) {
      return row([formatSettingValue(value), scoreOf(best), differenceOf(best)]);
    }
    const cells = sweep[second].map((value: unknown) => {
      const line = lineOf(here, { key: second, value });
      const mean = percent(line?.validation.accuracy.mean);
      return line === best ? `**${mean}**` : mean;
    });
    return row([formatSettingValue(value), ...cells, differenceOf(best)]);
  });
}

/** The row of a sweep over seeds alone: how many, mean and deviation, the lowest and the highest. */
function rangeRow(runs: readonly ScoredRun[], line: SettingLine | undefined): string {
  const accuracies = runs.flatMap(({ scores }) => scores.validation?.accuracy ?? []);
  const ends = [Math.min(...accuracies), Math.max(...accuracies)];
  return row([`${runs.length}`, scoreOf(line), ...ends.map(percent)]);
}

function linesOf(name: string, file: string): readonly Readonly<Record<string, never>>[] {
  const text = Deno.readTextFileSync(new URL(file, sampleFolder(name)));
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

function scoreOf(line: SettingLine | undefined): string {
  return spread(line?.validation.accuracy);
}

function differenceOf(line: SettingLine | undefined): string {
  return line?.pairedDifference === undefined ? "" : spread(line.pairedDifference);
}

function spread(value: Spread | undefined): string {
  return value?.deviation === undefined
    ? percent(value?.mean)
    : `${percent(value.mean)} ± ${percent(value.deviation)}`;
}

/** A share in percent; a dash where no run has ended well. */
function percent(share: number | undefined): string {
  return share === undefined ? "–" : (share * 100).toFixed(2);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
