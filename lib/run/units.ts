/**
 * Of which units weights are kept, in the metadata of a file.
 *
 * @module
 */
import { z } from "zod";
import { canonicalJson, parseJson } from "./json.ts";
import type { UnitWeights } from "./observed.ts";
import type { Safetensors } from "./safetensors.ts";
import { takeText, takeValue } from "./take.ts";

/** Name of the entry, and first part of the names of the tensors. */
export const FIRST = "first";

/** What is said of units besides their weights. */
export type Units = Omit<UnitWeights, "weights">;

const count = z.int().min(1);
const schema = z.strictObject({ parameter: z.string(), units: count, inputs: count, shown: count });

/** The entry {@linkcode FIRST}. */
export function unitsText({ parameter, units, inputs, shown }: Units): string {
  return canonicalJson({ parameter, units, inputs, shown });
}

/**
 * What the entry {@linkcode FIRST} of a file says.
 *
 * @param what the file, for messages
 * @throws {SyntaxError} if it is missing or says something else
 */
export function takeUnits(file: Safetensors, what: string): Units {
  return takeValue(parseJson(takeText(file, FIRST, what), what), schema, what);
}
