/**
 * Tables of named parts, from which a config chooses: their options, defaults and documentation.
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
