import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { anyText, flag, list, optional } from "./cli/options.ts";

export const command = defineCommand({
  name: "runs",
  summary:
    "Lists runs, sweeps, explorations, comparisons, rate tests and profiles, or removes some",
  usage: ["", "list", "remove NAME..."],
  about:
    `NAME is the name of a folder in that of the results, its path, the beginning of one name alone, latest, or
a pattern in quotes: 'digits-*'. All are removed, or none if one of the names means nothing. Removing a
sweep leaves its runs.`,
  options: {
    sort: optional(
      "KEY",
      "Order of the list: run, kind, state, date, data, network, parameters, epochs, validation, best (or " +
        "accuracy), time, size, with --test also test; the newest, best, largest or lowest first. " +
        "Defaults to run",
      anyText,
    ),
    reverse: flag("The other way round; results without a value stay last"),
    filter: list(
      "TEXT",
      "List what has TEXT in any column, or with KEY=VALUE that VALUE in a column, in which * stands for " +
        "any text: --filter data=mnist --filter 'network=784-*'. May be repeated: all must hold",
    ),
    test: flag("Show the accuracy on the test split too, by which nothing should be chosen"),
    output: {
      kind: "value",
      placeholder: "DIR",
      doc: "Where the runs are",
      default: "outputs",
      read: ([path], _, { outputs }) => path ?? outputs,
    },
    json: flag("Print the list as JSON, with all that is known of each"),
  },
  result:
    `A column "validation" has the accuracy of a run's model on the validation split, "best" the highest that it
had after an epoch, "time" how long training took. A terminal shows the columns that it has room for, a pipe
all. What is wrong with a broken run is said below the list.`,
  needs: ["outputs"],
  run: runOf(import.meta.resolve("./runs/run.ts")),
});
