/**
 * Observations: values that observers store besides the results of a run, in checkpoints and in
 * observations.safetensors. Nothing here depends on a particular observer.
 *
 * @module
 */
import {
  decodeFields,
  encodeFields,
  type Field,
  fieldGroup,
  optionalField,
} from "./codec/fields.ts";
import type { Safetensors } from "./codec/safetensors.ts";

/** Tensors and texts that observers stored, by name. */
export type Observations = Safetensors;

/** Declaration of a value that an observer stores: its name and its encoding. */
export interface StoredValue<Value = unknown> {
  /** Name of the value, with which the names of its tensors and texts begin. */
  readonly name: string;
  /** Encoding of the value. */
  readonly fields: Field<Value>;
}

/** The observations of a run without observers. */
export const NO_OBSERVATIONS: Observations = { tensors: new Map(), metadata: new Map() };

/**
 * Merges observations into one. If several have a tensor or text of the same name, that of the last is
 * kept.
 */
export function mergeObservations(...all: readonly Observations[]): Observations {
  return {
    tensors: new Map(all.flatMap(({ tensors }) => [...tensors])),
    metadata: new Map(all.flatMap(({ metadata }) => [...metadata])),
  };
}

/**
 * Returns a copy of observations with a value added, or the observations unchanged if the value is
 * undefined. `declaration` has the name and encoding of the value.
 */
export function withValue<Value>(
  observations: Observations,
  declaration: StoredValue<Value>,
  value: Value | undefined,
): Observations {
  if (value === undefined) return observations;
  return mergeObservations(
    observations,
    encodeFields(singleValueTable(declaration), { [declaration.name]: value }),
  );
}

/**
 * Decodes a value that an observer stored, given its declaration. Returns undefined if the observations do
 * not have it.
 *
 * @param source name of the file in error messages
 * @throws {SyntaxError} if a field of the value is missing or malformed
 */
export function valueIn<Value>(
  observations: Observations,
  declaration: StoredValue<Value>,
  source: string,
): Value | undefined {
  return decodeFields(singleValueTable(declaration), observations, source)[declaration.name];
}

/** Returns the table of fields that holds one stored value under its name. */
function singleValueTable<Value>(
  { name, fields }: StoredValue<Value>,
): Field<{ readonly [name: string]: Value }> {
  return fieldGroup({ [name]: optionalField(fields) });
}

/**
 * Returns a file field that reads all tensors and texts of a file as observations, except those for whose
 * names `isOther` returns true. It writes all observations.
 */
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
