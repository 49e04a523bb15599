/**
 * Observations: what observers store of a run besides its results, in checkpoints and in
 * observations.safetensors. Nothing here knows an observer: each has a text in the metadata, under its
 * name, and tensors whose names begin with it.
 *
 * @module
 */
import type { Safetensors } from "./safetensors.ts";

/** Tensors and texts of observers by name. */
export type Observations = Safetensors;

/** How the value of an observer is stored. */
export interface Fields<Value> {
  /** Name of the observer: of its text in the metadata, and the first part of its tensors' names. */
  readonly name: string;
  /** Encodes a value. */
  encode(value: Value): Observations;
  /**
   * Decodes the value; undefined if none is stored.
   *
   * @param what the file, for messages
   * @throws {SyntaxError} if a field is missing or does not fit
   */
  decode(observations: Observations, what: string): Value | undefined;
}

/** No observations. */
export const NO_OBSERVATIONS: Observations = { tensors: new Map(), metadata: new Map() };

/** Observations of several observers, or of one at several moments, of which the last is kept. */
export function mergeObservations(...all: readonly Observations[]): Observations {
  return {
    tensors: new Map(all.flatMap(({ tensors }) => [...tensors])),
    metadata: new Map(all.flatMap(({ metadata }) => [...metadata])),
  };
}

/** Observations with the value of an observer, or as they are if there is none. */
export function withValue<Value>(
  observations: Observations,
  fields: Fields<Value>,
  value: Value | undefined,
): Observations {
  return value === undefined ? observations : mergeObservations(observations, fields.encode(value));
}
