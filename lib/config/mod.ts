/**
 * Registries: tables of named entries that a config can use, with their options, defaults and documentation.
 *
 * @module
 */
export type { Setting } from "./grid.ts";
export {
  type Agreement,
  type Entries,
  type Entry,
  entry,
  type Named,
  type OptionForm,
  type OptionsOf,
  type Registry,
  registry,
  type Schema,
  type Table,
  type Tagged,
} from "./registry.ts";
