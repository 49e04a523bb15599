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
class, features that never change, samples that are there more than once, within a part or in two, and
the data on its first principal components. A table in which a number is missing is refused when it is
read, with the line and the column.`,
  options: { set: overrides, output: outputFolder(), dataDir, png },
  result:
    `The last line is the folder, with explore.svg, charts/, explore.json and features.jsonl, which have the
same bytes every time.`,
  needs: ["outputs", "cache", "mirrors"],
  run: runOf(import.meta.resolve("./explore/run.ts")),
});
