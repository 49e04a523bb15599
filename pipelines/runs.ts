import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { flag } from "./cli/options.ts";

export const command = defineCommand({
  name: "runs",
  summary: "Lists runs, sweeps, explorations and comparisons, or removes some",
  usage: ["", "remove NAME..."],
  about:
    `NAME is the name of a folder in that of the results, its path, the beginning of one name alone, latest, or
a pattern in quotes: 'digits-*'. All are removed, or none if one of the names means nothing. Removing a
sweep leaves its runs.`,
  options: {
    output: {
      kind: "value",
      placeholder: "DIR",
      doc: "Where the runs are",
      default: "outputs",
      read: ([path], _, { outputs }) => path ?? outputs,
    },
    json: flag("Print the list as JSON"),
  },
  needs: ["outputs"],
  run: runOf(import.meta.resolve("./runs/run.ts")),
});
