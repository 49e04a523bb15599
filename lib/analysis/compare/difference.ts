/**
 * Finds the options in which configs differ. An option is named by its path, as in `--set`.
 *
 * @module
 */
import { withoutDefaults } from "../../config/defaults.ts";
import type { JsonSchema } from "../../config/schemas/json_schema.ts";

/** An option in which configs differ. */
export interface Difference {
  /** Path of an option, such as `train.layers[0].units`, or of a whole entry, list or stage. */
  readonly key: string;
  /**
   * Value in each config, in their order, without nested options at their defaults; undefined if the config
   * lacks the option.
   */
  readonly values: readonly unknown[];
}

/**
 * Top-level keys of a config that have no effect on results, or are compared elsewhere: the stages of
 * `pipeline` are compared one by one.
 */
const NO_RESULT = ["$schema", "name", "description", "pipeline"];

/** Name of the stage that draws results and has no effect on them. */
const DRAWS = "report";

/**
 * Returns the options in which resolved configs differ, in the order of the pipeline. Only options that can change
 * a result are compared. An option at its default equals a missing option, so older configs do not differ from
 * newer ones by options that were added later.
 *
 * Entries with the same name are compared by their options (`train.optimizer.beta1`), entries with different
 * names as a whole (`train.optimizer`). A list of entries, such as layers, is compared as a whole unless all
 * configs have the same names in it.
 *
 * @param configs any JSON values; unknown content is compared literally
 * @param schema JSON Schema of configs, which has the default of each option
 */
export function configDifferences(
  configs: readonly unknown[],
  schema: JsonSchema,
): readonly Difference[] {
  const short = configs.map((config) => withoutDefaults(config, schema));
  return [
    ...differencesBelow("", configs.map(optionsByStage), short.map(optionsByStage)),
    ...stageOrderDifference(
      configs.map((config) => readStages(config).map(({ stage }) => String(stage))),
    ),
  ];
}

/**
 * Returns a difference if configs have their common stages in different orders, and an empty list otherwise.
 *
 * @param orders names of the stages of each config, in its order
 */
function stageOrderDifference(orders: readonly (readonly string[])[]): readonly Difference[] {
  const common = orders.map((names) =>
    names.filter((name) => orders.every((other) => other.includes(name))).join()
  );
  return new Set(common).size <= 1 ? [] : [{ key: "pipeline", values: orders }];
}

/**
 * Returns the options that differ between configs, at a path of the configs or below it.
 *
 * @param path path of an option, such as `train.optimizer`; "" for whole configs
 * @param whole value of each config at the path
 * @param short the same values, without the options that have their defaults
 */
function differencesBelow(
  path: string,
  whole: readonly unknown[],
  short: readonly unknown[],
): readonly Difference[] {
  if (new Set(short.map(jsonWithSortedKeys)).size <= 1) return [];
  if (whole.every(isDictionary) && haveSameNames(whole)) {
    const keys = [...new Set(whole.flatMap((value) => Object.keys(value)))];
    return keys.flatMap((key) =>
      differencesBelow(
        path === "" ? key : `${path}.${key}`,
        whole.map(propertyReader(key)),
        short.map(propertyReader(key)),
      )
    );
  }
  if (whole.every(isListOfDictionaries) && haveSameNames(whole)) {
    const [first] = whole as readonly [readonly unknown[]];
    return first.flatMap((_, index) =>
      differencesBelow(
        `${path}[${index}]`,
        whole.map(propertyReader(index)),
        short.map(propertyReader(index)),
      )
    );
  }
  return [{
    key: path,
    values: whole.map((value, index) => isMissingOrEmpty(short[index]) ? value : short[index]),
  }];
}

type Dictionary = Readonly<Record<string, unknown>>;

function isDictionary(value: unknown): value is Dictionary {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOfDictionaries(value: unknown): value is readonly Dictionary[] {
  return Array.isArray(value) && value.every(isDictionary);
}

/**
 * Returns whether configs have the same named parts: either all values are objects with the same `name`, or all
 * are lists of objects with the same names in the same order.
 */
function haveSameNames(values: readonly (Dictionary | readonly Dictionary[])[]): boolean {
  const names = values.map((value) =>
    JSON.stringify(isDictionary(value) ? [value.name] : value.map(({ name }) => [name]))
  );
  return new Set(names).size === 1;
}

/** Returns a function that reads the property `key` of any value, or returns undefined if the value lacks it. */
function propertyReader(key: string | number): (value: unknown) => unknown {
  return (value) =>
    typeof value === "object" && value !== null && Object.hasOwn(value, key)
      ? Reflect.get(value, key)
      : undefined;
}

/** Returns whether a value is undefined or an object without properties. */
function isMissingOrEmpty(value: unknown): boolean {
  return value === undefined || (isDictionary(value) && Object.keys(value).length === 0);
}

/**
 * Returns the top-level options of a config, and the options of each stage under the stage's name. Options that
 * change no result, such as the description and the stage "report", are omitted, and so are those that vary
 * between the members of an ensemble.
 */
function optionsByStage(config: unknown): Dictionary {
  const options = isDictionary(config) ? config : {};
  const stages = readStages(config).map(({ stage, ...rest }) => [String(stage), rest] as const);
  const all = Object.fromEntries([
    ...Object.entries(options).filter(([key]) => !NO_RESULT.includes(key)),
    ...stages.filter(([name]) => name !== DRAWS),
  ]);
  const { ensemble: grid } = options;
  return Object.keys(isDictionary(grid) ? grid : {}).reduce(omitOption, all);
}

/**
 * Returns a config without the option at a path such as `train.epochs`. A path to an entry's name, such as
 * `train.optimizer.name`, removes the whole entry.
 */
function omitOption(config: Dictionary, path: string): Dictionary {
  const [step = "", ...rest] = path.replace(/(?<=.)\.name$/, "").split(".");
  const { [step]: option, ...others } = config;
  if (rest.length === 0) return others;
  return isDictionary(option) ? { ...config, [step]: omitOption(option, rest.join(".")) } : config;
}

/** Returns the stages of a config; an empty list if it has none. */
function readStages(config: unknown): readonly Dictionary[] {
  const pipeline = propertyReader("pipeline")(config);
  return Array.isArray(pipeline) ? pipeline.filter(isDictionary) : [];
}

/** Returns the JSON of a value with sorted keys, so that equal values have equal texts; "" for undefined. */
function jsonWithSortedKeys(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part) =>
      isDictionary(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1))
        : part,
  ) ?? "";
}
