import { z } from "zod";

/** Stands in a config for as many units as there are classes, which are known when data is loaded. */
export const CLASSES = "classes";

/** Number of outputs of a layer: as many as there are classes if not given, which only configs may. */
export type Units = number | typeof CLASSES;

export const unitsSchema = z.union([z.number().int().min(1), z.literal(CLASSES)]).default(CLASSES)
  .describe("number of outputs; if missing, which the last layer's may be, that of the classes");

/**
 * Returns the number of units, which a network needs to know.
 *
 * @throws {RangeError} if it is that of the classes
 */
export function knownUnits(units: Units): number {
  if (units !== CLASSES) return units;
  throw new RangeError(
    `Cannot make a network: expected a number of units: received none, or "${CLASSES}", which is for ` +
      "the last layer of a config",
  );
}
