import { printLine } from "../../lib/io/print.ts";
import { join } from "@std/path";
import { evaluationLine } from "../../lib/evaluate/lines.ts";
import { findRun } from "../../lib/io/results/runs.ts";
import { FILES } from "../../lib/run/folder.ts";
import type { BlasBackend } from "../../lib/engine/blas/blas.ts";
import type { CallOf } from "../cli/declaration.ts";
import { detailOf, UsageError, whereOf } from "../cli/options.ts";
import { drawImages } from "../cli/printing.ts";
import { openView } from "../cli/view.ts";
import { dataPlaces, readConfigFile, readVariantsFile } from "../experiment/config_file.ts";
import { runExperiment } from "../experiment/experiment.ts";
import { foldersOf } from "../experiment/open_run.ts";
import { type Origin, readOrigin } from "../experiment/origin.ts";
import { readFinished, readRecord } from "../experiment/read_run.ts";
import { runCommittee } from "../sweep/ensemble.ts";
import type { command } from "../train.ts";

type TrainCall = CallOf<typeof command>;

export async function run({ words, options: given, caller, signal }: TrainCall): Promise<void> {
  if (words.length > 1) {
    throw new UsageError(`expected one config: received "${words.join('" "')}"`);
  }
  const [path = join(caller.home, "configs/quickstart.json")] = words;
  const detail = detailOf(given);
  const backend = await backendOf(given);
  const config = readConfigFile(path, given.set);
  if (config.sweep !== undefined) {
    throw new UsageError(
      `expected a config of one run: received one with "sweep": ${caller.program} sweep ${path} runs it`,
    );
  }
  const origin = await originOf(given, caller);
  const isCommittee = config.committee !== undefined;
  if (isCommittee && (backend !== undefined || origin !== undefined)) {
    const option = backend === undefined ? "--from" : "--backend blas";
    throw new UsageError(`expected no "${option}" with a committee: received one`);
  }
  const where = {
    ...whereOf(given, caller),
    ...await dataPlaces(path, config),
    fresh: given.fresh,
    detail,
    signal,
  };
  using view = openView(detail);
  const folder = isCommittee
    ? await runCommittee(readVariantsFile(path, given.set, "committee"), where)
    : await runExperiment(config, { ...where, backend, origin, view });
  for (const line of await outcomeLines(folder)) view.print(line);
  await drawImages(folder, given.png);
  printLine(folder);
}

/** A line for each evaluated part, what must be known of the data, and where the report is. */
async function outcomeLines(path: string): Promise<readonly string[]> {
  const { evaluations, classes, note } = await readRecord(path);
  const { manifest } = await readFinished(path, []);
  const isDrawn = manifest.files.some(({ path }) => path === FILES.report);
  return [
    ...evaluations.map((evaluation) => evaluationLine(evaluation, classes)),
    ...(note === undefined ? [] : [note]),
    ...(isDrawn ? [`report: ${join(path, FILES.report)}`] : []),
  ];
}

async function backendOf(
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

/** The run to begin from; none if that is the seed. */
async function originOf(
  { from, continue: goesOn, output }: TrainCall["options"],
  { outputs }: TrainCall["caller"],
): Promise<Origin | undefined> {
  if (from !== undefined) {
    const path = await findRun(from, { folders: foldersOf(output, outputs) });
    return await readOrigin(path, goesOn ? "checkpoint" : "weights");
  }
  if (goesOn) throw new UsageError("expected --continue with --from RUN only");
  return undefined;
}
