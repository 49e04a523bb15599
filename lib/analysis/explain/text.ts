import { formatCount } from "../../format/numbers.ts";
import { formatSplit } from "../../report/result.ts";
import { exampleLines } from "./example_text.ts";
import type { Explanation } from "./explanation.ts";

/** Returns the text of an explanation. */
export function explanationLines({ subject, example }: Explanation): readonly string[] {
  const { title, weights, split, row, sample, model } = subject;
  const name = model.classes[sample.labels[0]];
  return [
    `${title}, ${weights}: row ${formatCount(row)} of the ${
      formatSplit(split)
    } split, class ${name}`,
    "",
    ...(example === undefined ? [] : exampleLines(example)),
  ];
}
