import { printLine } from "../../lib/io/print.ts";
import { join } from "@std/path";
import { readFileIfAny } from "../../lib/io/files.ts";
import { FILES } from "../../lib/run/folder.ts";
import { decodeTiming, type RunTiming } from "../../lib/run/timing.ts";
import type { BlasBackend } from "../../lib/engine/blas/blas.ts";
import type { CallOf } from "../cli/declaration.ts";
import { foldersAndWorkers, selectDetail, UsageError } from "../cli/options.ts";
import { writePngsBeside } from "../cli/printing.ts";
import { runWithView } from "../cli/view.ts";
import { pinnedDataPlaces, readConfigFile, readGridFile } from "../experiment/config_file.ts";
import { runExperiment } from "../experiment/experiment.ts";
import type { JointRun } from "../experiment/joint_run.ts";
import type { Origin } from "../experiment/origin.ts";
import { readFinished, readRecord } from "../experiment/read_run.ts";
import type { command } from "../train.ts";
import type { FinishedTraining } from "./closing.ts";

/** A call of the command `train`. */
type TrainCall = CallOf<typeof command>;

export async function run(call: TrainCall): Promise<number | void> {
  if (!call.options.mpi) return await train(call);
  const { trainByRanks } = await import("./ranks.ts");
  return await trainByRanks(call, (joint) => train(call, joint));
}

/** Trains a run, alone or as one of its ranks. */
async function train(
  { words, options, caller, signal }: TrainCall,
  joint?: JointRun,
): Promise<void> {
  if (words.length > 1) {
    throw new UsageError(`expected one config: received "${words.join('" "')}"`);
  }
  const [path = join(caller.home, "configs/quickstart.json")] = words;
  const isSilent = joint?.isSilent === true;
  const detail = isSilent ? "quiet" : selectDetail(options);
  const backend = await openBackend(options);
  const config = readConfigFile(path, options.set);
  if (config.sweep !== undefined) {
    throw new UsageError(
      `expected a config of one run: received one with "sweep": ${caller.program} sweep ${path} runs it`,
    );
  }
  const origin = await readRequestedOrigin(options, caller);
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
    ...foldersAndWorkers(options, caller),
    ...await pinnedDataPlaces(path, config),
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
      view.rows(closingRows(await readFinishedTraining(folder, caller.program)));
    }
    return folder;
  });
  if (isSilent) return;
  await writePngsBeside(folder, options.png);
  printLine(folder);
}

/** Reads a finished run for the summary after its training. */
async function readFinishedTraining(path: string, program: string): Promise<FinishedTraining> {
  const { manifest } = await readFinished(path, []);
  return {
    record: await readRecord(path),
    timing: await readTiming(path),
    path,
    hasReport: manifest.files.some(({ path }) => path === FILES.report),
    program,
  };
}

/**
 * Reads the times of a run. Returns undefined if they are missing or invalid, since no result depends on
 * them.
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
  { backend, blas: path }: TrainCall["options"],
): Promise<BlasBackend | undefined> {
  if (backend === "blas") {
    const { blas } = await import("../../lib/engine/blas/blas.ts");
    const { native } = await import("../../lib/io/native.ts");
    return blas(native, { path });
  }
  if (path !== undefined) throw new UsageError("expected --blas with --backend blas only");
  return undefined;
}

/** Reads the run that `--from` or `--continue` names. Returns undefined if training starts from the seed. */
async function readRequestedOrigin(
  { from, continue: isContinued, output }: TrainCall["options"],
  { outputs }: TrainCall["caller"],
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
