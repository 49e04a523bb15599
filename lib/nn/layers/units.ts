/**
 * The option `units` of layers: a number, or the number of classes.
 *
 * @module
 */
import { z } from "zod";

/**
 * Value of a layer's option `units` in configs that stands for the number of classes. It is replaced by
 * that number after the data are loaded.
 */
export const CLASSES = "classes";

/** Number of outputs of a layer; in configs also `CLASSES`. */
export type Units = number | typeof CLASSES;

/** Schema of the option `units`. */
export const unitsSchema = z.union([z.number().int().min(1), z.literal(CLASSES)]).default(CLASSES)
  .describe("number of outputs; the last layer may omit it, for the number of classes");

/**
 * Returns the option `units` of a layer, which must be a number.
 *
 * @throws {RangeError} if the option is `CLASSES`, which is replaced when a config is read
 */
export function expectKnownUnits(units: Units): number {
  if (units !== CLASSES) return units;
  throw new RangeError(
    `Cannot create a network: expected a number of units: received none, or "${CLASSES}", which is for ` +
      "the last layer of a config",
  );
}
