/**
 * Observations: what observers store of a run besides its results, in checkpoints and in
 * observations.safetensors. Nothing here knows an observer.
 *
 * @module
 */
import { decodeFields, encodeFields, type Field, group, optional } from "./codec/fields.ts";
import type { Safetensors } from "./codec/safetensors.ts";

/** Tensors and texts of observers by name. */
export type Observations = Safetensors;

/** A value that an observer stores: its name, which begins the names of its fields, and the fields. */
export interface StoredValue<Value = unknown> {
  /** Name of the value. */
  readonly name: string;
  /** Fields of the value. */
  readonly fields: Field<Value>;
}

export const NO_OBSERVATIONS: Observations = { tensors: new Map(), metadata: new Map() };

/** Observations of several observers, or of one at several moments, of which the last is kept. */
export function mergeObservations(...all: readonly Observations[]): Observations {
  return {
    tensors: new Map(all.flatMap(({ tensors }) => [...tensors])),
    metadata: new Map(all.flatMap(({ metadata }) => [...metadata])),
  };
}

/** Observations with a value, or as they are if it is undefined. */
export function withValue<Value>(
  observations: Observations,
  stored: StoredValue<Value>,
  value: Value | undefined,
): Observations {
  if (value === undefined) return observations;
  return mergeObservations(observations, encodeFields(tableOf(stored), { [stored.name]: value }));
}

/**
 * Returns a value; undefined if none is stored.
 *
 * @param what the file, for messages
 * @throws {SyntaxError} if a field is missing or does not fit
 */
export function valueIn<Value>(
  observations: Observations,
  stored: StoredValue<Value>,
  what: string,
): Value | undefined {
  return decodeFields(tableOf(stored), observations, what)[stored.name];
}

function tableOf<Value>(
  { name, fields }: StoredValue<Value>,
): Field<{ readonly [name: string]: Value }> {
  return group({ [name]: optional(fields) });
}

/** Tensors and texts that no other field of a file has. */
export function otherFields(isOther: (name: string) => boolean): Field<Observations> {
  const others = <Item>(found: ReadonlyMap<string, Item>) =>
    new Map([...found].filter(([name]) => !isOther(name)));
  return {
    write({ tensors, metadata }, _, observations) {
      for (const [name, tensor] of observations.tensors) tensors.set(name, tensor);
      for (const [name, text] of observations.metadata) metadata.set(name, text);
    },
    read: ({ tensors, metadata }) => ({ tensors: others(tensors), metadata: others(metadata) }),
    isIn: () => true,
    describe: () => [{ name: "…", form: "any", doc: "fields of observers" }],
  };
}
