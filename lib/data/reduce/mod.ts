/**
 * The table of reductions: a new one is a file in this folder and a word here.
 *
 * @module
 */
import { type Registry, registry } from "../../config/registry.ts";
import { pcaEntry } from "./pca.ts";

/** The entries by name. */
export const reductionTable = {
  pca: pcaEntry,
};

/** All reductions by name; `create` gives a function of the normalized training split. */
export const reductions: Registry<typeof reductionTable> = registry("reduction", reductionTable);
