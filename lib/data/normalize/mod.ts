/**
 * The registry of normalizations. A new one is a file in this folder and an entry here.
 *
 * @module
 */
import { type Registry, registry } from "../../config/registry.ts";
import { noneEntry } from "./none.ts";
import { standardizeEntry } from "./standardize.ts";
import { unitEntry } from "./unit.ts";

/** The entries of the registry of normalizations, by name. */
export const normalizationTable = {
  unit: unitEntry,
  standardize: standardizeEntry,
  none: noneEntry,
};

/** The registry of normalizations of features. `create` returns a {@link Normalizer}. */
export const normalizations: Registry<typeof normalizationTable> = registry(
  "normalization",
  normalizationTable,
);
