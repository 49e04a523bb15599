/**
 * The registry of preparations. A new one is a file in this folder and an entry here.
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

/** The preparations by name. `create` returns a {@link Preparer}. */
export const preparations: Registry<typeof preparationTable> = registry(
  "preparation",
  preparationTable,
);

/** A sequence of methods that prepare images before normalization. */
export interface Preparation {
  /** Shape of an image: [height, width]. */
  readonly shape: readonly number[];
  /** Methods in their order, as in the config. */
  readonly methods: readonly Named<typeof preparations>[];
}
