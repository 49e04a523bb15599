import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { dataDir, outputFolder, overrides, png } from "./cli/options.ts";

export const command = defineCommand({
  name: "explore",
  summary: "Explores the data of a config before training, and draws an overview",
  usage: ["CONFIG"],
  positionals: { count: [1, 1], expected: "one config" },
  about:
    `CONFIG is a file like configs/mnist.json; only its stages "load" and "split" are used, and others may be
missing. The overview has shapes, types and ranges, class balance, samples, means and deviations by class,
constant features, duplicates within and between splits, and the data on its first principal components.
For a table, columns are listed first: type, missing and distinct values, range and suggested use; then
the options of the data set with which to read it. If the table has texts or gaps, these options are used
where the config sets none. A table whose label names no classes is shown by its columns alone.`,
  options: { set: overrides, output: outputFolder(), dataDir, png },
  result:
    `The last line is the folder, with explore.svg, charts/, explore.json and features.jsonl; the same data
gives the same bytes.`,
  needs: ["outputs", "cache", "mirrors"],
  run: runOfModule(import.meta.resolve("./explore/run.ts")),
});
