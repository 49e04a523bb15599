import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import {
  anyText,
  dataDir,
  flag,
  fresh,
  numberBetween,
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
  summary: "Runs an experiment and writes a folder with the model, the metrics and an SVG report",
  usage: ["[CONFIG]"],
  about:
    `CONFIG is a file like configs/mnist.json. Defaults to configs/quickstart.json, which needs no download. A
finished run is reused, and an unfinished run resumes. With a key like "ensemble": { "seed": [1, 2, 3] },
several runs are trained and their probabilities averaged; a config with the key "sweep" is for the
command sweep.`,
  options: {
    set: overrides,
    from: optional(
      "RUN",
      "Start from the final weights of another finished run with the same network. The id of the new run " +
        "depends on them",
      anyText,
    ),
    output: outputFolder(),
    dataDir,
    threads,
    backend: withDefault(
      "NAME",
      "exact",
      "Backend of dense products: exact, with the same bits everywhere, or blas, a BLAS library of the " +
        "system, on which the bits then depend; blas needs the permission that deno task train:blas has",
      oneOf("exact", "blas"),
    ),
    blas: optional(
      "PATH",
      "File of the BLAS library, if it is in none of the usual places",
      anyText,
    ),
    mpi: flag(
      "Train by the ranks that mpirun, mpiexec or srun started, which share each batch; the bits do not " +
        "depend on them. Needs the permissions that deno task train:mpi has",
    ),
    mpiLibrary: optional(
      "PATH",
      "File of the MPI library, if it is in none of the usual places",
      anyText,
    ),
    mpiTimeout: withDefault(
      "SECONDS",
      "30",
      "Longest wait for other ranks in a step, after which all end",
      numberBetween(1, 86_400),
    ),
    fresh,
    continue: flag(
      "With --from: continue that run from its last checkpoint, with the state of its optimizer, up to " +
        "train.epochs epochs in total. Schedules span all epochs, so a rate that had decayed may rise again",
    ),
    png,
    quiet: flag("Show only errors and the run folder"),
    verbose: flag("Show every epoch, and write more details to the log"),
  },
  result:
    `The last line of the output is the run folder. Ctrl-C stops after the current step; the same command
resumes from there. Set NO_COLOR to turn colours off.`,
  stops: "the same command resumes from here",
  needs: ["outputs", "cache", "mirrors"],
  run: runOfModule(import.meta.resolve("./train/run.ts")),
});
