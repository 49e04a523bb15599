/**
 * Reads and checks the origin of a training: another finished run, from whose final weights or last
 * checkpoint the training starts.
 *
 * From weights, everything else starts anew: the optimizer's slots, the schedule, the order of samples.
 * From a checkpoint, training continues as if it had been interrupted there: slots, averages, step counts
 * and the history are kept, and `train.epochs` counts from the beginning of the other run. The steps equal
 * those of one longer training only if no earlier step depended on the number of epochs: a schedule that
 * decays until the end of training has already decayed. The result is therefore a run of its own, whose
 * id also depends on the SHA-256 of the weights or the checkpoint.
 *
 * @module
 */
import { join } from "@std/path";
import type { Network } from "../../lib/nn/mod.ts";
import { type Checkpoint, decodeCheckpoint } from "../../lib/run/checkpoint.ts";
import { BEST_CHECKPOINT, checkpointStep, FILES } from "../../lib/run/folder.ts";
import type { Manifest } from "../../lib/run/manifest.ts";
import type { Model } from "../../lib/run/model.ts";
import type { RunOrigin } from "../../lib/run/record.ts";
import { expectResumable } from "../../lib/train/checks.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { allScores } from "../../lib/train/history.ts";
import { shouldStopEarly } from "../../lib/train/early_stopping.ts";
import { memberPaths, readFinished, readModel } from "./read_run.ts";
import { defined } from "../../lib/config/defined.ts";

/**
 * The run that a training starts from, with its model and, if training continues from them, its checkpoints.
 */
export interface Origin extends RunOrigin {
  readonly model: Model;
  /** The checkpoint of the run's last step. Missing if training starts from the final weights. */
  readonly checkpoint?: Checkpoint;
  /** The run's best checkpoint. Missing if the run kept none, or training starts from the final weights. */
  readonly best?: Checkpoint;
}

/**
 * Reads the run that a training starts from.
 *
 * @param path path of the other run
 * @param kind whether training starts from the final weights or from the last checkpoint
 * @throws {Error} if the run is not finished, has no network, or was changed
 */
export async function readOrigin(path: string, kind: Origin["kind"]): Promise<Origin> {
  if (await memberPaths(path) !== undefined) {
    throw new Error(
      `Cannot start from "${path}": expected a run with a network: received an ensemble: ` +
        "name one of its members",
    );
  }
  const { manifest } = await readFinished(path, []);
  const hashOf = (name: string) =>
    manifest.files.find((file) => file.path === name)?.sha256 as string;
  const model = await readModel(path);
  const { run } = manifest;
  if (kind === "weights") return { kind, run, sha256: hashOf(FILES.model), model };
  const { name, last: checkpoint, best } = await readCheckpoints(path, manifest);
  return { kind, run, sha256: hashOf(name), model, checkpoint, ...defined({ best }) };
}

/** The checkpoints of a finished run. */
export interface Checkpoints {
  /** Path of the last checkpoint, relative to the run folder. */
  readonly name: string;
  /** The checkpoint of the last step. */
  readonly last: Checkpoint;
  /** The best checkpoint, if the run kept one. */
  readonly best?: Checkpoint | undefined;
}

/**
 * Reads the last checkpoint of a finished run, and its best one if the run kept it.
 *
 * @param path path of the run folder
 * @throws {Error} if a file is missing or was changed
 */
export async function readCheckpoints(path: string, manifest: Manifest): Promise<Checkpoints> {
  const names = checkpointPaths(manifest);
  const read = async (name: string) => {
    const { files } = await readFinished(path, [name]);
    const source = `checkpoint "${join(path, name)}"`;
    return decodeCheckpoint(files.get(name) as Uint8Array, { source, isVerified: true });
  };
  const last = await read(names.last);
  const best = names.best === undefined ? undefined : await read(names.best);
  return { name: names.last, last, best };
}

/**
 * Returns the paths, relative to the run folder, of a finished run's last checkpoint and of its best, if any.
 */
function checkpointPaths(
  { files }: Manifest,
): { readonly last: string; readonly best: string | undefined } {
  const names = files.map(({ path }) => path);
  const steps = names.filter((name) =>
    checkpointStep(name.split("/").at(-1) as string) !== undefined
  );
  // names rise with the steps, and every finished run has a checkpoint of its last step
  return {
    last: steps.toSorted().at(-1) as string,
    best: names.find((name) => name === `${FILES.checkpoints}/${BEST_CHECKPOINT}`),
  };
}

/**
 * Checks that a training can start from a run.
 *
 * @throws {RangeError} if parameters differ in name or shape; or if training continues from a checkpoint that
 *   has as many epochs as the training, belongs to another training, or would be stopped early at once
 */
export function checkOrigin(origin: Origin, training: FitOptions): void {
  const { run, model, checkpoint: from, best: fromBest } = origin;
  const messageStart = `Cannot start from run "${run}"`;
  checkEqualShapes(messageStart, model, training.network);
  if (from === undefined) return;
  const before = from.position.epoch;
  const { epochs, earlyStopping } = training;
  if (before >= epochs) {
    throw new RangeError(
      `${messageStart}: expected train.epochs above ${before}, the epochs of that run: received ${epochs}`,
    );
  }
  expectResumable({ ...training, from, fromBest });
  if (earlyStopping === undefined || !shouldStopEarly(allScores(from.history), earlyStopping)) {
    return;
  }
  throw new RangeError(
    `${messageStart}: expected a larger train.earlyStopping.patience: received one that is already exceeded`,
  );
}

/**
 * Throws a RangeError if the parameters and layer states of a model and of a network differ in names or
 * shapes. The message starts with `messageStart` and names the first difference.
 */
function checkEqualShapes(
  messageStart: string,
  model: Model,
  network: Pick<Network, "parameters" | "state">,
): void {
  const wanted = new Map(
    [...network.parameters, ...network.state].map(({ name, shape }) => [name, `${shape}`]),
  );
  const received = new Map([...model.parameters].map(([name, { shape }]) => [name, `${shape}`]));
  const wrong = [...wanted.keys(), ...received.keys()].find((name) =>
    wanted.get(name) !== received.get(name)
  );
  if (wrong === undefined) return;
  throw new RangeError(
    `${messageStart}: expected "${wrong}" to be ${formatOptionalShape(wanted.get(wrong))}: ` +
      `received ${formatOptionalShape(received.get(wrong))}`,
  );
}

/**
 * Formats the shape of a parameter: "784,30" as "[784, 30]", and undefined as "no parameter".
 */
function formatOptionalShape(shape: string | undefined): string {
  return shape === undefined ? "no parameter" : `[${shape.replaceAll(",", ", ")}]`;
}
