/**
 * `deno task train`: runs an experiment from a config and leaves a run folder.
 *
 * @module
 */
import {
  type Arguments,
  call,
  type Command,
  detailOf,
  drawImages,
  expectWritable,
  onInterrupt,
  STOPPED,
  threadsOf,
  UsageError,
} from "./cli/command.ts";
import type { BlasBackend } from "../lib/engine/blas/blas.ts";
import type { ExperimentOptions } from "./experiment/experiment.ts";
import type { ExperimentConfig } from "./experiment/stage_table.ts";
import type { Origin } from "./experiment/origin.ts";
import type { Detail, View } from "./cli/view.ts";

const HELP = `Runs an experiment and leaves a folder with the model, the metrics and an SVG report.

Usage:
  deno task train [CONFIG] [OPTIONS]

CONFIG is a file like configs/mnist.json; configs/quickstart.json if not given, which needs no
download. A finished run is not run again; an unfinished one goes on where it was stopped. With a key
like "committee": { "seed": [1, 2, 3] } it stands for several runs, whose probabilities are averaged;
one with the key "sweep" is for deno task sweep.

Options:
  --set PATH=VALUE  change the config: --set train.epochs=3 --set seed=7; may be repeated
  --from RUN        begin with the weights that another, finished run ended with; the network must be
                    the same. The id of the new run follows from them too
  --continue        with --from: go on where that run stopped, for more epochs: with the state of its
                    optimizer and its epochs, from which train.epochs counts on. Schedules take their
                    place in all the epochs, so a rate that had fallen to the end may rise again
  --output DIR      where run folders are made, under outputs/; "outputs" if not given
  --data-dir DIR    take the data set's files from DIR, or from DIR/NAME, in place of the network
  --threads N       workers that share the work, with the same results; all processors if not given
  --backend NAME    who computes: "exact", the same bits everywhere, if not given; or "blas": dense
                    products by a BLAS library of the system, on which the bits then depend; it needs
                    the permission that "deno task train:blas" has
  --blas PATH       the library's file, if it is in none of the usual places
  --fresh           run again what was run before
  --png             a PNG beside each SVG, in light colours and twice the size
  --quiet           show nothing but errors and the run folder
  --verbose         show every epoch, and take more down in the log
  --help            show this text

The last line of the output is the run folder. Ctrl-C stops after the current step; the same
command goes on from there. Colours are left out if NO_COLOR is set.
Exit codes: 0 done, 1 failed, 2 wrong config or arguments, 130 stopped by Ctrl-C.`;

const command: Command = {
  task: "train",
  help: HELP,
  flags: ["fresh", "continue", "png", "quiet", "verbose"],
  values: ["from", "output", "data-dir", "threads", "backend", "blas"],
  lists: ["set"],
  async run(given) {
    const detail = detailOf(given);
    const [config = "configs/quickstart.json", ...more] = given.words;
    if (more.length > 0) {
      throw new UsageError(`expected one config: received "${given.words.join('" "')}"`);
    }
    const output = given.value("output") ?? "outputs";
    expectWritable(output);
    const workers = await threadsOf(given);
    const backend = await backendOf(given);
    const { readConfigFile } = await import("./experiment/config_file.ts");
    const checked = readConfigFile(config, given.list("set"));
    if (checked.sweep !== undefined) {
      throw new UsageError(
        `expected a config of one run: received one with "sweep": deno task sweep ${config} runs it`,
      );
    }
    const origin = await originOf(given);
    const options = {
      output,
      detail,
      workers,
      backend,
      origin,
      cacheDirectory: ".cache",
      dataDirectory: given.value("data-dir"),
      fresh: given.flags.has("fresh"),
    };
    const path = checked.committee === undefined
      ? await train(checked, options)
      : await committee(config, given, options);
    if (path === undefined) return STOPPED;
    await drawImages(given, path);
    console.log(path);
    return 0;
  },
};

/** The run to begin from; none if that is the seed. */
async function originOf(given: Arguments): Promise<Origin | undefined> {
  const path = given.value("from");
  const goesOn = given.flags.has("continue");
  if (path !== undefined) {
    return (await import("./experiment/origin.ts")).readOrigin(
      path,
      goesOn ? "checkpoint" : "weights",
    );
  }
  if (goesOn) throw new UsageError("expected --continue with --from RUN only");
  return undefined;
}

/** The library that computes dense products; none for the exact backend. */
async function backendOf(given: Arguments): Promise<BlasBackend | undefined> {
  const [name = "exact", path] = [given.value("backend"), given.value("blas")];
  if (name === "blas") {
    const { blas } = await import("../lib/engine/blas/blas.ts");
    const { native } = await import("../lib/io/native.ts");
    return blas(native, { path });
  }
  if (name !== "exact") {
    throw new UsageError(`expected "exact" or "blas" after --backend: received "${name}"`);
  }
  if (path !== undefined) throw new UsageError("expected --blas with --backend blas only");
  return undefined;
}

/** Runs the experiment in view; returns the run folder, or undefined if it was stopped. */
async function train(
  config: ExperimentConfig,
  options: Omit<ExperimentOptions, "view" | "signal">,
): Promise<string | undefined> {
  return await untilStopped(options.detail, async (view, signal) => {
    const { runExperiment } = await import("./experiment/experiment.ts");
    const path = await runExperiment(config, { ...options, view, signal });
    await printOutcome(path, view);
    return path;
  });
}

/** Does some work with a view, until Ctrl-C; then it gives undefined. */
async function untilStopped(
  detail: Detail,
  work: (view: View, signal: AbortSignal) => Promise<string>,
): Promise<string | undefined> {
  const { openView } = await import("./cli/view.ts");
  using view = openView(detail);
  using interrupt = onInterrupt();
  const { StoppedError } = await import("./experiment/stages.ts");
  try {
    return await work(view, interrupt.signal);
  } catch (error) {
    if (!(error instanceof StoppedError)) throw error;
    view.print("stopped: the same command goes on from here");
    return undefined;
  }
}

/** Prints what a run came to. */
async function printOutcome(path: string, view: View): Promise<void> {
  const { outcome } = await import("./experiment/outcome.ts");
  for (const line of await outcome(path)) view.print(line);
}

/** Runs a committee in view; returns its folder, or undefined if it was stopped. */
async function committee(
  config: string,
  given: Arguments,
  { backend, origin, ...options }: Omit<ExperimentOptions, "view" | "signal">,
): Promise<string | undefined> {
  if (backend !== undefined || origin !== undefined) {
    const option = backend === undefined ? "--from" : "--backend blas";
    throw new UsageError(`expected no "${option}" with a committee: received one`);
  }
  const { readVariantsFile } = await import("./experiment/config_file.ts");
  const grid = readVariantsFile(config, given.list("set"), "committee");
  return await untilStopped(options.detail, async (view, signal) => {
    const { runCommittee } = await import("./sweep/ensemble.ts");
    const path = await runCommittee(grid, { ...options, signal });
    await printOutcome(path, view);
    return path;
  });
}

if (import.meta.main) Deno.exit(await call(command, Deno.args));
