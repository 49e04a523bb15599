import { runOfModule } from "../cli/command.ts";
import { defineCommand } from "../cli/declaration.ts";
import { dataDir, flag, outputFolder, threads } from "../cli/options.ts";

export const command = defineCommand({
  name: "verify",
  summary: "Trains recipes again, and verifies their accuracy and, bit for bit, their models",
  usage: ["[NAME...]"],
  about:
    `NAME is a recipe, the name of a config without ".json": mnist, mnist_minute. Defaults to all recipes, which
take hours. The known results of a recipe are in outputs/samples/NAME.`,
  options: {
    allSeeds: flag("Train all seeds with known results, not only the config's own"),
    dataDir,
    output: outputFolder("verified"),
    keep: flag(
      "Reuse finished runs and resume unfinished ones in the output folder, instead of training all again",
    ),
    threads,
    rename: flag(
      "Train nothing: rename the runs of all samples by their new ids, after the format version was raised",
    ),
    update: flag("Write the new results as the known ones"),
    quiet: flag("Show only failures and the table"),
  },
  result:
    `The table is printed to stdout. Members of an ensemble are trained too. Ctrl-C stops all runs after their
current steps; the same command with --keep resumes them.`,
  stops: "the same command with --keep resumes from here",
  exits: { 0: "all results are as known", 1: "some results differ" },
  needs: ["outputs", "cache", "mirrors"],
  run: runOfModule(import.meta.resolve("./verify_recipes.ts")),
});
