/**
 * The table of normalisations: a new one is a file in this folder and a word here.
 *
 * @module
 */
import { type Registry, registry } from "../../config/registry.ts";
import { noneEntry } from "./none.ts";
import { standardizeEntry } from "./standardize.ts";
import { unitEntry } from "./unit.ts";

/** The entries by name. */
export const normalizationTable = {
  unit: unitEntry,
  standardize: standardizeEntry,
  none: noneEntry,
};

/** All normalisations by name; `create` gives a function of the training split. */
export const normalizations: Registry<typeof normalizationTable> = registry(
  "normalization",
  normalizationTable,
);
