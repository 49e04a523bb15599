import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { dataDir, outputFolder, overrides, png } from "./cli/options.ts";

export const command = defineCommand({
  name: "explore",
  summary: "Looks at the data of a config before training, and draws what is found",
  usage: ["CONFIG"],
  words: { count: [1, 1], expected: "one config" },
  about:
    `CONFIG is a file like configs/mnist.json; of its stages only "load" and "split" count, and others may be
missing. Shown are shapes, types and ranges, the balance of classes, samples, means and deviations by
class, features that never change, samples that are there more than once, within a split or in two, and
the data on its first principal components. Of a table each column is listed first: type, missing and
different values, range, and what it may be for; then the options of the data set by which it can be read.
If it has texts or gaps, these options are used where the config has none. Of a table whose label looks like
regression nothing else is shown.`,
  options: { set: overrides, output: outputFolder(), dataDir, png },
  result:
    `The last line is the folder, with explore.svg, charts/, explore.json and features.jsonl, which have the
same bytes every time.`,
  needs: ["outputs", "cache", "mirrors"],
  run: runOf(import.meta.resolve("./explore/run.ts")),
});
