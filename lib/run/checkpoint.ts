/**
 * Checkpoints: all that training needs to go on as if it had never stopped.
 *
 *     state.<name>   F32 [elements]    parameters, slots of the optimizer, statistics
 *     steps.…        F32 [steps]       what was recorded of each step, see `steps.ts`
 *
 * The metadata holds the position and, as in metrics.jsonl, the epochs; and the scores within the epoch
 * that is not finished, if there are any. All other tensors and texts are those of observers.
 *
 * @module
 */
import { z } from "zod";
import { canonicalJson, parseJson } from "./json.ts";
import { decodeMetrics, encodeMetrics, scoreLine, scoreRecords } from "./metrics.ts";
import { NO_OBSERVATIONS, type Observations } from "./observations.ts";
import type { EpochRecord } from "./record.ts";
import type { ScoreRecord } from "../evaluate/evaluation.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type StoredTensor,
} from "./safetensors.ts";
import { noSteps, type StepSeries, stepTensors, takeSteps } from "./steps.ts";
import { takeTensor, takeText, takeValue } from "./take.ts";

/** The state of training between two steps. */
export interface Checkpoint {
  /** How far training has come. */
  readonly position: Position;
  /** Values that a step replaces by their successors, by name. */
  readonly state: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  /** What was recorded on the way. */
  readonly history: History;
}

/** How far training has come. */
export interface Position {
  /** Epochs finished. */
  readonly epoch: number;
  /** Steps taken since the start of training. */
  readonly step: number;
}

/** What was recorded on the way. */
export interface History {
  /** The finished epochs. */
  readonly epochs: readonly EpochRecord[];
  /** Scores of the validation part within the epoch that is not finished. */
  readonly within: readonly ScoreRecord[];
  /** What was recorded of each step. */
  readonly steps: StepSeries;
  /** What observers have stored until then. */
  readonly observations: Observations;
}

/** The history before the first step. */
export function noHistory(): History {
  return { epochs: [], within: [], steps: noSteps(), observations: NO_OBSERVATIONS };
}

const position = z.strictObject({ epoch: z.int().min(0), step: z.int().min(0) });
const STATE = "state.";
const STEPS = "steps.";
const TEXTS = ["position", "epochs", "within"];

/**
 * The bytes of a checkpoint: equal content gives equal bytes.
 *
 * @throws {TypeError} if the history is not as long as the position says
 */
export function encodeCheckpoint(
  { position, state, history: { epochs, within, steps, observations } }: Checkpoint,
): Uint8Array<ArrayBuffer> {
  const lengths = [epochs.length, steps.loss.length, steps.learningRate.length];
  if (lengths.join() !== [position.epoch, position.step, position.step].join()) {
    throw new TypeError(
      `Cannot write checkpoint: expected a history of ${position.epoch} epochs and ` +
        `${position.step} steps: received ${lengths.join(", ")}`,
    );
  }
  const tensors = new Map<string, StoredTensor>([
    ...[...state].map(([name, data]) => [STATE + name, { shape: [data.length], data }] as const),
    ...stepTensors(steps),
    ...observations.tensors,
  ]);
  const metadata = new Map([
    ["position", canonicalJson(position)],
    ["epochs", encodeMetrics(epochs)],
    ...(within.length === 0 ? [] : [["within", canonicalJson(within.map(scoreLine))] as const]),
    ...observations.metadata,
  ]);
  return encodeSafetensors({ tensors, metadata });
}

/**
 * The checkpoint in some bytes.
 *
 * @param what the file, for messages
 * @throws {SyntaxError} if the bytes are no checkpoint
 */
export function decodeCheckpoint(bytes: Uint8Array, what = "checkpoint"): Checkpoint {
  const file = decodeSafetensors(bytes, what);
  const stated = takeValue(parseJson(takeText(file, "position", what), what), position, what);
  const epochs = decodeMetrics(takeText(file, "epochs", what), what);
  if (epochs.length !== stated.epoch) {
    throw new SyntaxError(
      `Cannot read ${what}: expected ${stated.epoch} epochs: received ${epochs.length}`,
    );
  }
  const steps = takeSteps(file, what, stated.step);
  const within = file.metadata.has("within")
    ? takeValue(parseJson(takeText(file, "within", what), what), scoreRecords, what)
    : [];
  const names = [...file.tensors.keys()].filter((name) => name.startsWith(STATE)).sort();
  return {
    position: stated,
    state: new Map(names.map((name) => [
      name.slice(STATE.length),
      takeTensor(file, { name, type: Float32Array, shape: [undefined] }, what).data,
    ])),
    history: { epochs, within, steps, observations: observationsOf(file) },
  };
}

/** The tensors and texts of a checkpoint that are not its own. */
function observationsOf({ tensors, metadata }: Safetensors): Observations {
  const isOwn = (name: string) => name.startsWith(STATE) || name.startsWith(STEPS);
  return {
    tensors: new Map([...tensors].filter(([name]) => !isOwn(name))),
    metadata: new Map([...metadata].filter(([name]) => !TEXTS.includes(name))),
  };
}
