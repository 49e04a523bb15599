import { printLine } from "../../lib/io/print.ts";
import { join } from "@std/path";
import { readFileIfAny } from "../../lib/io/files.ts";
import { FILES } from "../../lib/run/folder.ts";
import { decodeTiming, type RunTiming } from "../../lib/run/timing.ts";
import type { BlasBackend } from "../../lib/engine/blas/blas.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import { foldersAndWorkers, selectDetail, UsageError } from "../cli/options.ts";
import { writePngsBeside } from "../cli/printing.ts";
import { runWithView } from "../cli/view.ts";
import { dataSearchLocations, readConfigFile, readGridFile } from "../experiment/config_file.ts";
import { runExperiment } from "../experiment/experiment.ts";
import type { JointRun } from "../experiment/joint_run.ts";
import type { Origin } from "../experiment/origin.ts";
import { readFinished, readRecord } from "../experiment/read_run.ts";
import type { command } from "../train.ts";
import type { FinishedTraining } from "./closing.ts";

/** An invocation of the command `train`. */
type TrainInvocation = InvocationOf<typeof command>;

export async function run(invocation: TrainInvocation): Promise<number | void> {
  if (!invocation.options.mpi) return await train(invocation);
  const { trainByRanks } = await import("./ranks.ts");
  return await trainByRanks(invocation, (joint) => train(invocation, joint));
}

/** Trains a run, in this process alone or, if `joint` is defined, as one of several ranks. */
async function train(
  { positionals, options, startup, signal }: TrainInvocation,
  joint?: JointRun,
): Promise<void> {
  if (positionals.length > 1) {
    throw new UsageError(`expected one config: received "${positionals.join('" "')}"`);
  }
  const [path = join(startup.programFolder, "configs/quickstart.json")] = positionals;
  const isSilent = joint?.isSilent === true;
  const detail = isSilent ? "quiet" : selectDetail(options);
  const backend = await openBackend(options);
  const config = readConfigFile(path, options.set);
  if (config.sweep !== undefined) {
    throw new UsageError(
      `expected a config of one run: received one with "sweep": ${startup.commandPrefix} sweep ${path} runs it`,
    );
  }
  const origin = await readRequestedOrigin(options, startup);
  const isEnsemble = config.ensemble !== undefined;
  const alone = [
    ...(backend === undefined ? [] : ["--backend blas"]),
    ...(origin === undefined ? [] : ["--from"]),
    ...(joint === undefined ? [] : ["--mpi"]),
  ];
  if (isEnsemble && alone.length > 0) {
    const [option] = alone;
    throw new UsageError(`expected no "${option}" with an ensemble: received one`);
  }
  const where = {
    ...foldersAndWorkers(options, startup),
    ...await dataSearchLocations(path, config),
    fresh: options.fresh,
    detail,
    signal,
  };
  const folder = await runWithView(detail, async (view) => {
    const folder = isEnsemble
      ? await (await import("../sweep/ensemble.ts")).runEnsemble(
        readGridFile(path, options.set, "ensemble"),
        where,
      )
      : await runExperiment(config, { ...where, backend, origin, view, joint });
    const { summaryRows: closingRows } = await import("./closing.ts");
    if (detail !== "quiet") {
      view.printRows(closingRows(await readFinishedTraining(folder, startup.commandPrefix)));
    }
    return folder;
  });
  if (isSilent) return;
  await writePngsBeside(folder, options.png);
  printLine(folder);
}

/** Reads what the summary after a training shows from the finished run at a path. */
async function readFinishedTraining(
  path: string,
  commandPrefix: string,
): Promise<FinishedTraining> {
  const { manifest } = await readFinished(path, []);
  return {
    record: await readRecord(path),
    timing: await readTiming(path),
    path,
    hasReport: manifest.files.some(({ path }) => path === FILES.report),
    commandPrefix,
  };
}

/**
 * Reads the times of the run at a path. Returns undefined if they are missing or invalid, since no result
 * depends on them.
 */
async function readTiming(path: string): Promise<RunTiming | undefined> {
  const bytes = await readFileIfAny(join(path, FILES.timing), "run");
  try {
    return bytes && decodeTiming(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Opens the BLAS library that the options name. Returns undefined if they select the exact backend. */
async function openBackend(
  { backend, blas: path }: TrainInvocation["options"],
): Promise<BlasBackend | undefined> {
  if (backend === "blas") {
    const { blas } = await import("../../lib/engine/blas/blas.ts");
    const { native } = await import("../../lib/io/native.ts");
    return blas(native, { path });
  }
  if (path !== undefined) throw new UsageError("expected --blas with --backend blas only");
  return undefined;
}

/**
 * Reads the run that `--from` names: its weights or, with `--continue`, also its checkpoints. Returns
 * undefined if training starts from the seed.
 */
async function readRequestedOrigin(
  { from, continue: isContinued, output }: TrainInvocation["options"],
  { outputs }: TrainInvocation["startup"],
): Promise<Origin | undefined> {
  if (from !== undefined) {
    const { findRun } = await import("../../lib/io/results/runs.ts");
    const { foldersToSearch: foldersOf } = await import("../experiment/open_run.ts");
    const { readOrigin } = await import("../experiment/origin.ts");
    const path = await findRun(from, { folders: foldersOf(output, outputs) });
    return await readOrigin(path, isContinued ? "checkpoint" : "weights");
  }
  if (isContinued) throw new UsageError("expected --continue with --from RUN only");
  return undefined;
}
