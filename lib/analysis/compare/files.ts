/**
 * compare.json: what a comparison has come to, for programs.
 *
 * @module
 */
import type { Comparison, Pair } from "./comparison.ts";
import { prettyJson } from "../../run/json.ts";

/** The text of compare.json: the runs in their order, in what they differ, and every pair. */
export function encodeComparison(
  { runs, differences, part }: Comparison,
  pairs: readonly Pair[],
): string {
  const names = runs.map(({ record }) => record.run);
  return prettyJson({
    part: part ?? null,
    runs: runs.map(({ record: { run, parameters, epochs, classes }, results }) => ({
      run,
      parameters,
      epochs: epochs.length,
      classes: classes.length,
      ...Object.fromEntries(
        Array.from(results, ([part, { summary }]) => {
          const { accuracy, interval, loss, mistakes, samples } = summary;
          const recall = summary.classes.map(({ recall }) => recall);
          return [part, { accuracy, interval, loss, mistakes, samples, recall }];
        }),
      ),
    })),
    differences: differences.map(({ key, values }) => ({
      key,
      values: values.map((value) => value ?? null),
    })),
    pairs: pairs.map(({ first, second, ...found }) => ({
      first: names[first],
      second: names[second],
      ...("test" in found ? found.test : found),
    })),
  });
}
