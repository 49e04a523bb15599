/**
 * The registry of reductions. A new one is a file in this folder and an entry here.
 *
 * @module
 */
import { type Registry, registry } from "../../config/registry.ts";
import { pcaEntry } from "./pca.ts";

/** The entries of the registry of reductions, by name. */
export const reductionTable = {
  pca: pcaEntry,
};

/** The registry of reductions of features to fewer components. `create` returns a {@link Reducer}. */
export const reductions: Registry<typeof reductionTable> = registry("reduction", reductionTable);
