/**
 * `deno task train`: runs an experiment from a config and leaves a run folder.
 *
 * Everything but the help is loaded when it is needed, so that the help comes at once.
 *
 * @module
 */
import type { ExperimentConfig } from "./experiment.ts";
import type { View } from "./view.ts";

const HELP = `Runs an experiment and leaves a folder with the model, the metrics and an SVG report.

Usage:
  deno task train [CONFIG] [OPTIONS]

CONFIG is a file like configs/mnist.json; configs/quickstart.json if not given, which needs no
download. A finished run is not run again; an unfinished one goes on where it was stopped.

Options:
  --set PATH=VALUE  change the config: --set train.epochs=3 --set seed=7; may be repeated
  --output DIR      where run folders are made, under outputs/; "outputs" if not given
  --data-dir DIR    take the data set's files from DIR, or from DIR/NAME, in place of the network
  --fresh           run again what was run before
  --quiet           show nothing but errors and the run folder
  --verbose         show every epoch, and take more down in the log
  --help            show this text

The last line of the output is the run folder. Ctrl-C stops after the current step; the same
command goes on from there. Colours are left out if NO_COLOR is set.
Exit codes: 0 done, 1 failed, 2 wrong config or arguments, 130 stopped by Ctrl-C.`;

/** What the arguments ask for. */
type Command =
  | { readonly command: "help" }
  | { readonly command: "wrong"; readonly problem: string }
  | { readonly command: "train"; readonly arguments: Arguments };

interface Arguments {
  readonly config: string;
  readonly overrides: readonly string[];
  readonly output: string;
  readonly dataDirectory: string | undefined;
  readonly fresh: boolean;
  readonly detail: "quiet" | "usual" | "verbose";
}

/** Runs the command and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(HELP);
    return 0;
  }
  const asked = await readArguments(args);
  switch (asked.command) {
    case "help":
      console.log(HELP);
      return 0;
    case "wrong":
      console.error(`Cannot run "deno task train": ${asked.problem}\nSee "deno task train --help"`);
      return 2;
    case "train":
      return await train(asked.arguments);
  }
}

const OPTIONS = {
  boolean: ["fresh", "quiet", "verbose"],
  string: ["_", "set", "output", "data-dir"],
  collect: ["set"],
} as const;

async function readArguments(args: readonly string[]): Promise<Command> {
  const { parseArgs } = await import("@std/cli/parse-args");
  const unknown: string[] = [];
  const { _: words, set, output = "outputs", fresh, quiet, verbose, ...given } = parseArgs(args, {
    ...OPTIONS,
    unknown(argument, key) {
      if (key !== undefined) unknown.push(argument);
    },
  });
  const dataDirectory = given["data-dir"];
  const wrong = (problem: string): Command => ({ command: "wrong", problem });
  if (unknown.length > 0) {
    const { nearest } = await import("../lib/config/suggest.ts");
    const known = [...OPTIONS.boolean, "set", "output", "data-dir", "help"].map((name) =>
      `--${name}`
    );
    const near = nearest((unknown[0] as string).split("=")[0] as string, known);
    const hint = near === undefined ? "" : `: did you mean "${near}"?`;
    return wrong(`expected one of ${known.join(", ")}: received "${unknown[0]}"${hint}`);
  }
  if (words.length > 1) return wrong(`expected one config: received "${words.join('" "')}"`);
  if (quiet === true && verbose === true) return wrong("expected --quiet or --verbose, not both");
  for (const [name, value] of Object.entries({ output, "data-dir": dataDirectory ?? "-" })) {
    if (typeof value !== "string" || value === "") {
      return wrong(`expected one folder after --${name}`);
    }
  }
  return {
    command: "train",
    arguments: {
      config: String(words[0] ?? "configs/quickstart.json"),
      overrides: set as readonly string[],
      output: output as string,
      dataDirectory: dataDirectory as string | undefined,
      fresh: fresh === true,
      detail: quiet === true ? "quiet" : verbose === true ? "verbose" : "usual",
    },
  };
}

/** Exit code after Ctrl-C, as shells have it: 128 and the number of the signal. */
const STOPPED = 130;

async function train(asked: Arguments): Promise<number> {
  const { readConfigFile } = await import("./config_file.ts");
  const config = await readConfigFile(asked.config, asked.overrides);
  if (config === undefined) return 2;
  const { openView } = await import("./view.ts");
  using view = openView(asked.detail);
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) Deno.exit(STOPPED); // asked twice: at once
    stop.abort();
  };
  Deno.addSignalListener("SIGINT", onSignal);
  try {
    return await runAndTell(config, asked, { view, signal: stop.signal });
  } finally {
    Deno.removeSignalListener("SIGINT", onSignal);
  }
}

async function runAndTell(
  config: ExperimentConfig,
  { output, dataDirectory, fresh, detail }: Arguments,
  { view, signal }: { readonly view: View; readonly signal: AbortSignal },
): Promise<number> {
  const { runExperiment } = await import("./experiment.ts");
  const { StoppedError } = await import("./stages.ts");
  try {
    const path = await runExperiment(config, {
      ...{ output, dataDirectory, fresh, signal, view, detail },
      cacheDirectory: ".cache",
    });
    view[Symbol.dispose]();
    const { outcome } = await import("./outcome.ts");
    for (const line of await outcome(path)) view.print(line);
    console.log(path);
    return 0;
  } catch (error) {
    view[Symbol.dispose]();
    if (error instanceof StoppedError) {
      view.print("stopped; the same command goes on from here");
      return STOPPED;
    }
    if (!(error instanceof Error)) throw error;
    console.error(detail === "verbose" ? error : error.message);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
