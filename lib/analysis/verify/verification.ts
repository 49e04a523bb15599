import { formatDuration } from "../../format/duration.ts";
import { formatPercent, PLAIN, UNITLESS } from "../../format/percent.ts";
import { formatTable, left, right, type TextColumn } from "../../format/text_table.ts";
import { spreadOf } from "../../tensor/math/statistics.ts";
import { findFaults, testAccuracy, type VerifiedRun } from "./verified.ts";

/** Results of a run that was trained again, and its time. */
export interface RetrainedRun extends VerifiedRun {
  /** Path of the run's folder. */
  readonly path: string;
  /** Duration of the training. */
  readonly milliseconds: number;
}

/** A recipe with its runs that were trained again, and its runs with known results. */
export interface VerifiedRecipe {
  readonly name: string;
  /** Smallest permitted test accuracy, 0 to 1. */
  readonly floor: number;
  /** Runs that were trained again. */
  readonly made: readonly RetrainedRun[];
  /** Runs with known results, one for each seed. */
  readonly known: readonly VerifiedRun[];
  /** A line for each run whose training failed. */
  readonly failures: readonly string[];
}

/** Result of a verification of recipes, as lines of text. */
export interface Verification {
  /** Table of the runs, then the mean and standard deviation of each recipe with several seeds. */
  readonly lines: readonly string[];
  /** A line for each training that failed, and for each difference from the known results. */
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

/** Compares the runs of recipes that were trained again with the known results of the same seeds. */
export function verifyRecipes(recipes: readonly VerifiedRecipe[]): Verification {
  const rows: string[][] = [];
  const faults: string[] = [];
  for (const { name, floor, made, known, failures } of recipes) {
    for (const run of made) {
      const found = findFaults(run, {
        floor,
        expected: known.find(({ seed }) => seed === run.seed),
      });
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
    lines: [...formatTable({ columns: COLUMNS, rows }), ...recipes.flatMap(formatMeanAccuracy)],
    faults,
  };
}

/**
 * Formats the mean and standard deviation of the test accuracy over the seeds of a recipe as a line; returns an
 * empty list for fewer than two runs.
 */
function formatMeanAccuracy({ name, made }: VerifiedRecipe): readonly string[] {
  const { mean, deviation } = spreadOf(made.map(testAccuracy)) ?? {};
  if (mean === undefined || deviation === undefined) return [];
  const spread = `${formatPercent(mean, 2, UNITLESS)} ± ${formatPercent(deviation, 2, PLAIN)}`;
  return [`${name}: ${spread}, mean and standard deviation of ${made.length} seeds`];
}
