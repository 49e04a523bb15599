/**
 * The registry of preparations. A new one is a file in this folder and an entry here.
 *
 * @module
 */
import { type Named, type Registry, registry } from "../../config/registry.ts";
import { centerEntry } from "./center.ts";
import { deskewEntry } from "./deskew.ts";

/** The entries of the registry of preparations, by name. */
export const preparationTable = {
  deskew: deskewEntry,
  center: centerEntry,
};

/** The registry of preparations, which deskew or centre images. `create` returns a {@link Preparer}. */
export const preparations: Registry<typeof preparationTable> = registry(
  "preparation",
  preparationTable,
);

/** A sequence of methods that deskew or centre images before normalization. */
export interface Preparation {
  /** Shape of an image: [height, width]. */
  readonly shape: readonly number[];
  /** Methods in the order in which they are applied, as in the config. */
  readonly methods: readonly Named<typeof preparations>[];
}
