/**
 * What was looked at of a training, in a checkpoint:
 *
 *     distributions.…   see `distributions.ts`
 *     first.before      F32 [units, inputs]   weights into the first units, before the first step
 *
 * @module
 */
import { distributionTensors, distributionText, takeDistributions } from "./distributions.ts";
import type { Looked, UnitWeights } from "./observed.ts";
import { FIRST, takeUnits, unitsText } from "./units.ts";
import type { Safetensors, StoredTensor } from "./safetensors.ts";
import { takeTensor } from "./take.ts";

const BEFORE = `${FIRST}.before`;

/** It as tensors of a file. */
export function lookedTensors(
  { distributions, first }: Looked,
): readonly (readonly [string, StoredTensor])[] {
  return [
    ...distributionTensors(distributions),
    ...(first === undefined
      ? []
      : [[BEFORE, { shape: [first.shown, first.inputs], data: first.weights }] as const]),
  ];
}

/** Its entries in the metadata of a file. */
export function lookedTexts(
  { distributions, first }: Looked,
): readonly (readonly [string, string])[] {
  return [
    distributionText(distributions),
    ...(first === undefined ? [] : [[FIRST, unitsText(first)] as const]),
  ];
}

/**
 * It in a file; undefined if there is none.
 *
 * @param what the file, for messages
 * @throws {SyntaxError} if something of it is missing or does not fit
 */
export function takeLooked(file: Safetensors, what: string): Looked | undefined {
  const distributions = takeDistributions(file, what);
  if (distributions === undefined) return undefined;
  if (!file.metadata.has(FIRST)) return { distributions };
  return { distributions, first: firstOf(file, what) };
}

function firstOf(file: Safetensors, what: string): UnitWeights {
  const units = takeUnits(file, what);
  const shape = [units.shown, units.inputs];
  const { data } = takeTensor(file, { name: BEFORE, type: Float32Array, shape }, what);
  return { ...units, weights: data };
}
