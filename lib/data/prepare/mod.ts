/**
 * The table of preparations: a new one is a file in this folder and a word here.
 *
 * @module
 */
import { type Named, type Registry, registry } from "../../config/registry.ts";
import { centerEntry } from "./center.ts";
import { deskewEntry } from "./deskew.ts";

/** The entries by name. */
export const preparationTable = {
  deskew: deskewEntry,
  center: centerEntry,
};

/** All preparations by name; `create` gives a function of the size of images. */
export const preparations: Registry<typeof preparationTable> = registry(
  "preparation",
  preparationTable,
);

/** What is done to images before anything else. */
export interface Preparation {
  /** Shape of an image: [height, width]. */
  readonly shape: readonly number[];
  /** The methods in their order, as a config names them. */
  readonly methods: readonly Named<typeof preparations>[];
}
