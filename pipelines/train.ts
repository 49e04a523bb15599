import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import {
  anyText,
  dataDir,
  flag,
  fresh,
  oneOf,
  optional,
  outputFolder,
  overrides,
  png,
  threads,
  withDefault,
} from "./cli/options.ts";

export const command = defineCommand({
  name: "train",
  summary: "Runs an experiment and leaves a folder with the model, the metrics and an SVG report",
  usage: ["[CONFIG]"],
  about:
    `CONFIG is a file like configs/mnist.json; configs/quickstart.json if not given, which needs no
download. A finished run is not run again; an unfinished one goes on where it was stopped. With a key
like "ensemble": { "seed": [1, 2, 3] } it stands for several runs, whose probabilities are averaged;
one with the key "sweep" is for the command sweep.`,
  options: {
    set: overrides,
    from: optional(
      "RUN",
      "Begin with the weights that another, finished run ended with; the network must be the same. " +
        "The id of the new run follows from them too",
      anyText,
    ),
    output: outputFolder(),
    dataDir,
    threads,
    backend: withDefault(
      "NAME",
      "exact",
      "What computes dense products: exact, the same bits everywhere; or blas, a BLAS library of the " +
        "system, on which the bits then depend; it needs the permission that deno task train:blas has",
      oneOf("exact", "blas"),
    ),
    blas: optional("PATH", "The library's file, if it is in none of the usual places", anyText),
    fresh,
    continue: flag(
      "With --from: go on where that run stopped, for more epochs, with the state of its optimizer " +
        "and its epochs, from which train.epochs counts on. Schedules take their place in all the " +
        "epochs, so a rate that had fallen to the end may rise again",
    ),
    png,
    quiet: flag("Show nothing but errors and the run folder"),
    verbose: flag("Show every epoch, and take more down in the log"),
  },
  result:
    `The last line of the output is the run folder. Ctrl-C stops after the current step; the same
command goes on from there. Colours are left out if NO_COLOR is set.`,
  stops: "the same command goes on from here",
  needs: ["outputs", "cache", "mirrors"],
  run: runOf(import.meta.resolve("./train/run.ts")),
});
