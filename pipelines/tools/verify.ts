import { runOf } from "../cli/command.ts";
import { defineCommand } from "../cli/declaration.ts";
import { dataDir, flag, outputFolder, threads } from "../cli/options.ts";

export const command = defineCommand({
  name: "verify",
  summary:
    "Trains recipes anew, and holds them to their accuracy and, to the last bit, to what they learned",
  usage: ["[NAME...]"],
  about:
    `NAME is a recipe, the name of a config without ".json": mnist, mnist_minute; all of them if none is given,
which takes hours. What is known of a recipe lies in outputs/samples/NAME.`,
  options: {
    allSeeds: flag("Train every seed that is known, and not the config's own alone"),
    dataDir,
    output: outputFolder("verified"),
    keep: flag(
      "Take runs that are finished there as they are, and go on with others; without it, all are " +
        "trained anew",
    ),
    threads,
    rename: flag(
      "Train nothing: after the format version was raised, rename the runs of all samples by their " +
        "new ids; what was learned stays as it is known",
    ),
    update: flag("Write what they came to as what is known from now on"),
    quiet: flag("Show nothing but failures and the table"),
  },
  result:
    `The table goes to stdout. An ensemble's members are trained too. Ctrl-C stops all runs after their
current steps; with --keep, the same command goes on from there.`,
  stops: "the same command with --keep goes on from here",
  exits: { 0: "all as known", 1: "something is not" },
  needs: ["outputs", "cache", "mirrors"],
  run: runOf(import.meta.resolve("./verify_recipes.ts")),
});
