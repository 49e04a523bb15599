/**
 * The last hidden layer of a trained network, on some samples, in two dimensions.
 *
 * @module
 */

import type { Part } from "../data/dataset.ts";
import { evenly, labelsOf } from "../data/parts.ts";
import { leading } from "../data/reduce/leading.ts";
import type { Machine } from "../engine/backend.ts";
import type { Network } from "../nn/mod.ts";
import type { Embedding } from "../run/observed.ts";
import type { SplitName } from "../data/parts.ts";
import { SPEAKING } from "../evaluate/evaluation.ts";
import { hiddenName, hiddenOutputs } from "./observation_step.ts";
import { batchesOf, fillRows } from "../train/passes.ts";
import { isFiniteVector } from "../train/state.ts";

/** Samples that are shown, at most. */
const SAMPLES = 1000;

/** Numbers of all of them together, at most: with a wide layer there are fewer. */
const MOST_NUMBERS = 2 ** 21;

/** Name of the program that computes the last hidden layer. */
export const EMBED = "embed";

/** What is embedded: samples of a part that is evaluated. */
export interface Embedded {
  readonly name: SplitName;
  /** The samples, evenly over the part. */
  readonly part: Part;
}

/**
 * Which samples of the evaluated parts are embedded; undefined if none, because there is no sample or
 * the network has no hidden layer.
 */
export function embeddedPart(
  network: Network,
  parts: readonly Embedded[],
): Embedded | undefined {
  const hidden = hiddenOutputs(network).at(-1);
  const chosen = SPEAKING.map((name) => parts.find((each) => each.name === name))
    .find((found) => found !== undefined && found.part.rows.length > 0);
  if (hidden === undefined || chosen === undefined) return undefined;
  const { name, part: { samples, rows } } = chosen;
  const most = Math.max(1, Math.min(SAMPLES, Math.floor(MOST_NUMBERS / hidden.units)));
  return { name, part: { samples, rows: evenly(rows, most) } };
}

/**
 * Runs {@linkcode EMBED} for its samples, and projects what it gives on the two directions of largest
 * variance. Undefined if a number of it is not finite.
 */
export async function embed(
  machine: Machine,
  network: Network,
  { name, part }: Embedded,
): Promise<Embedding | undefined> {
  const { rows } = part;
  fillRows(machine, rows, batchesOf(rows.length, rows.length));
  await machine.run({ program: EMBED, from: 0, to: 1 });
  const hidden = hiddenOutputs(network).at(-1) as ReturnType<typeof hiddenOutputs>[number];
  const values = machine.floats(`out:${hiddenName(hidden)}`);
  if (!isFiniteVector(values)) return undefined;
  const { points, variances: [x = 0, y = 0], variance } = leading(
    { values, samples: rows.length, features: hidden.units },
    2,
  );
  return {
    part: name,
    layer: hidden.layer,
    units: hidden.units,
    rows,
    labels: labelsOf(part),
    points,
    variances: [x, y],
    variance,
  };
}
