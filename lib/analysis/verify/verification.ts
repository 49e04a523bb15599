import { formatDuration } from "../../format/duration.ts";
import { formatPercent, PLAIN, UNITLESS } from "../../format/percent.ts";
import { formatTable, left, right, type TextColumn } from "../../format/text_table.ts";
import { spreadOf } from "../../tensor/math/statistics.ts";
import { faultsOf, testAccuracy, type VerifiedRun } from "./verified.ts";

/** A run that was trained again, and its time. */
export interface MadeRun extends VerifiedRun {
  /** Path of its folder. */
  readonly path: string;
  readonly milliseconds: number;
}

/** A recipe whose runs were trained again. */
export interface VerifiedRecipe {
  readonly name: string;
  readonly floor: number;
  readonly made: readonly MadeRun[];
  readonly known: readonly VerifiedRun[];
  /** A line for each run that failed. */
  readonly failures: readonly string[];
}

/** Result of a verification, as lines of text. */
export interface Verification {
  /** A table of the runs; then mean and standard deviation of each recipe with several seeds. */
  readonly lines: readonly string[];
  /** A line for each run that failed or differs. */
  readonly faults: readonly string[];
}

const COLUMNS: readonly TextColumn[] = [
  left("recipe"),
  right("seed"),
  right("parameters"),
  right("test accuracy"),
  right("at least"),
  right("mistakes"),
  left("SHA-256"),
  right("time"),
  left("verified"),
];

/** Compares the runs of some recipes with the known ones. */
export function verification(recipes: readonly VerifiedRecipe[]): Verification {
  const rows: string[][] = [];
  const faults: string[] = [];
  for (const { name, floor, made, known, failures } of recipes) {
    for (const run of made) {
      const found = faultsOf(run, { floor, expected: known.find(({ seed }) => seed === run.seed) });
      rows.push([
        name,
        String(run.seed),
        String(run.parameters),
        formatPercent(testAccuracy(run), 2, PLAIN),
        formatPercent(floor, 2, PLAIN),
        String(run.mistakes),
        run.sha256.slice(0, 12),
        formatDuration(run.milliseconds),
        found.length === 0 ? "yes" : "no",
      ]);
      faults.push(...found.map((fault) => `${name}, seed ${run.seed}: ${fault}`));
    }
    faults.push(...failures);
  }
  return {
    lines: [...formatTable({ columns: COLUMNS, rows }), ...recipes.flatMap(meanLine)],
    faults,
  };
}

/** Formats mean and deviation of a recipe over its seeds; nothing for a single seed. */
function meanLine({ name, made }: VerifiedRecipe): readonly string[] {
  const { mean, deviation } = spreadOf(made.map(testAccuracy)) ?? {};
  if (mean === undefined || deviation === undefined) return [];
  const spread = `${formatPercent(mean, 2, UNITLESS)} ± ${formatPercent(deviation, 2, PLAIN)}`;
  return [`${name}: ${spread}, mean and standard deviation of ${made.length} seeds`];
}
