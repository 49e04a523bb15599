/**
 * Configs: tables of named things, the schema of an experiment, and the one door through which a
 * config comes in.
 *
 * @module
 */
export { type AnyStage, oneKind, validationExists } from "./checks.ts";
export {
  combinations,
  readVariants,
  type Setting,
  settingText,
  type Variant,
  type Variants,
} from "./grid.ts";
export { type JsonSchema, jsonSchema } from "./json_schema.ts";
export { schemaText } from "./schema_file.ts";
export { assertOrder, type NeedsAndGives, orderProblems } from "./order.ts";
export { ConfigError, type Problem } from "./problem.ts";
export { type Check, parseConfig, readConfig, type Rules } from "./read.ts";
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
  withDefaults,
} from "./registry.ts";
export {
  type Choice,
  type Config,
  type ConfigFile,
  configSchema,
  type EvaluateOptions,
  evaluateOptions,
  type Grid,
  type LoadOptions,
  loadOptions,
  type NormalizeOptions,
  normalizeOptions,
  type ReportOptions,
  reportOptions,
  type SplitOptions,
  splitOptions,
  type StageEntry,
  type StageTable,
  type TrainOptions,
  trainOptions,
} from "./schema.ts";
export { nearest } from "./suggest.ts";
export type { Path, Place } from "./tree.ts";
