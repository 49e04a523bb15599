import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { anyText, flag, list, optional } from "./cli/options.ts";

export const command = defineCommand({
  name: "runs",
  summary:
    "Lists or removes runs, sweeps, explorations, explanations, comparisons, range tests and profiles",
  usage: ["", "list", "remove NAME..."],
  about:
    `NAME is the name of a result folder, its path, an unambiguous beginning of its name, "latest", or a
pattern in quotes: 'digits-*'. If one of the names matches nothing, nothing is removed. Removing a sweep
keeps its runs.`,
  options: {
    sort: optional(
      "KEY",
      "Column by which the list is sorted, newest, best, largest or lowest first: run, kind, state, date, " +
        "data, network, parameters, epochs, validation, best (or accuracy), time, size, with --test also " +
        "test. Defaults to run",
      anyText,
    ),
    reverse: flag("Reverse the order; results without a value stay last"),
    filter: list(
      "TEXT",
      "List results with TEXT in any column, or with KEY=VALUE, in which * matches any text: " +
        "--filter data=mnist --filter 'network=784-*'. May be repeated: all filters must match",
    ),
    test: flag("Show the accuracy on the test split too; do not choose runs by it"),
    output: {
      kind: "value",
      placeholder: "DIR",
      doc: "Folder of the results",
      default: "outputs",
      read: ([path], _, { outputs }) => path ?? outputs,
    },
    json: flag("Print the list as JSON, with all recorded facts"),
  },
  result:
    `Column "validation" is the accuracy of a run's model on the validation split, "best" the highest accuracy
after any epoch, "time" the time of training. A terminal shows as many columns as fit, a pipe all. Problems
with broken runs are printed below the list.`,
  needs: ["outputs"],
  run: runOfModule(import.meta.resolve("./runs/run.ts")),
});
