/**
 * Beginning from another run: with the weights that it ended with, or where it stopped.
 *
 * With weights alone, all else begins anew: the optimizer's slots, the schedule, the order of samples.
 * Who goes on where the run stopped goes on from its last checkpoint, as if training had been
 * interrupted there: slots, averages, numbers of steps and what was recorded so far are kept, and
 * `train.epochs` counts from the beginning of that run. The steps are then those of one training with
 * more epochs only if no step before depended on how many there were: a schedule that falls to the
 * end of training has fallen already. So what comes of it is a run of its own, with an id that follows
 * from the file that it began from too.
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
import { expectCheckpoint } from "../../lib/train/checks.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { scoresOf } from "../../lib/train/history.ts";
import { isOver } from "../../lib/train/early_stopping.ts";
import { memberPaths, readFinished, readModel } from "./read_run.ts";
import { defined } from "../../lib/config/defined.ts";

/** What a run begins from. */
export interface Origin extends RunOrigin {
  readonly model: Model;
  /** Where the other run stopped, if that is gone on from. */
  readonly checkpoint?: Checkpoint;
  readonly best?: Checkpoint;
}

/**
 * Reads what a run shall begin from.
 *
 * @param path of the other run
 * @param kind its weights alone, or the checkpoint that it ended with
 * @throws {Error} if there is no finished run, it has no network, or it was changed
 */
export async function readOrigin(path: string, kind: Origin["kind"]): Promise<Origin> {
  if (await memberPaths(path) !== undefined) {
    throw new Error(
      `Cannot begin from "${path}": expected a run with a network: received an ensemble: ` +
        "name one of its members",
    );
  }
  const { manifest } = await readFinished(path, []);
  const hashOf = (name: string) =>
    manifest.files.find((file) => file.path === name)?.sha256 as string;
  const model = await readModel(path);
  const { run } = manifest;
  if (kind === "weights") return { kind, run, sha256: hashOf(FILES.model), model };
  const names = checkpointsOf(manifest);
  const read = async (name: string) => {
    const { files } = await readFinished(path, [name]);
    const what = `checkpoint "${join(path, name)}"`;
    return decodeCheckpoint(files.get(name) as Uint8Array, { what, isVerified: true });
  };
  const checkpoint = await read(names.last);
  const best = names.best === undefined ? undefined : await read(names.best);
  return { kind, run, sha256: hashOf(names.last), model, checkpoint, ...defined({ best }) };
}

/** Paths in the run folder of the checkpoint that it ended with, and of the best. */
function checkpointsOf(
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
 * Checks that a training can begin from a run.
 *
 * @throws {RangeError} if its parameters are others, with the first that differs; or if the run that is
 *   gone on from has no fewer epochs, is of another training, or would be stopped at once
 */
export function expectOrigin(origin: Origin, training: FitOptions): void {
  const { run, model, checkpoint: from, best: fromBest } = origin;
  const cannot = `Cannot begin from run "${run}"`;
  expectParameters(cannot, model, training.network);
  if (from === undefined) return;
  const before = from.position.epoch;
  const { epochs, earlyStopping } = training;
  if (before >= epochs) {
    throw new RangeError(
      `${cannot}: expected train.epochs above the ${before} that it has had: received ${epochs}`,
    );
  }
  expectCheckpoint({ ...training, from, fromBest });
  if (earlyStopping === undefined || !isOver(scoresOf(from.history), earlyStopping)) return;
  throw new RangeError(
    `${cannot}: expected a larger train.earlyStopping.patience: received one at which it is stopped ` +
      "already",
  );
}

function expectParameters(
  cannot: string,
  model: Model,
  network: Pick<Network, "parameters" | "state">,
): void {
  const wanted = new Map(
    [...network.parameters, ...network.state].map(({ name, shape }) => [name, `${shape}`]),
  );
  const given = new Map([...model.parameters].map(([name, { shape }]) => [name, `${shape}`]));
  const wrong = [...wanted.keys(), ...given.keys()].find((name) =>
    wanted.get(name) !== given.get(name)
  );
  if (wrong === undefined) return;
  throw new RangeError(
    `${cannot}: expected "${wrong}" to be ${shapeText(wanted.get(wrong))}: ` +
      `received ${shapeText(given.get(wrong))}`,
  );
}

function shapeText(shape: string | undefined): string {
  return shape === undefined ? "no parameter" : `[${shape.replaceAll(",", ", ")}]`;
}
