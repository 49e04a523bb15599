/**
 * Observations: values that observers store besides the results of a run, in checkpoints and in
 * observations.safetensors. Nothing here depends on a particular observer.
 *
 * @module
 */
import { decodeFields, encodeFields, type Field, group, optional } from "./codec/fields.ts";
import type { Safetensors } from "./codec/safetensors.ts";

/** Tensors and texts stored by observers, by name. */
export type Observations = Safetensors;

/** The name and the fields of a value that an observer stores. */
export interface StoredValue<Value = unknown> {
  /** Prefix of the names of its fields. */
  readonly name: string;
  /** Encoding of the value. */
  readonly fields: Field<Value>;
}

/** The observations of a run without observers. */
export const NO_OBSERVATIONS: Observations = { tensors: new Map(), metadata: new Map() };

/** Returns the union of observations. Of two values with one name the later is kept. */
export function mergeObservations(...all: readonly Observations[]): Observations {
  return {
    tensors: new Map(all.flatMap(({ tensors }) => [...tensors])),
    metadata: new Map(all.flatMap(({ metadata }) => [...metadata])),
  };
}

/** Returns observations with a value added, or unchanged if the value is undefined. */
export function withValue<Value>(
  observations: Observations,
  stored: StoredValue<Value>,
  value: Value | undefined,
): Observations {
  if (value === undefined) return observations;
  return mergeObservations(observations, encodeFields(tableOf(stored), { [stored.name]: value }));
}

/**
 * Returns a stored value, or undefined if there is none.
 *
 * @param what name of the file in messages
 * @throws {SyntaxError} if a field of the value is missing or malformed
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

/** Returns the field of all tensors and texts except those that `isOther` assigns to other fields. */
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
