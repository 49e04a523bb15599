/**
 * Finds the differences between configs, by the paths of `--set`.
 *
 * @module
 */
import { withoutDefaults } from "../../config/defaults.ts";
import type { JsonSchema } from "../../config/schemas/json_schema.ts";

export interface Difference {
  /** Path of an option, `train.epochs`, `train.layers[0].units`; or of a whole entry, list or stage. */
  readonly key: string;
  /** Value in each config, without nested options at their defaults; undefined where it is missing. */
  readonly values: readonly unknown[];
}

/** Keys that do not change results: names and descriptions. */
const NO_RESULT = ["$schema", "name", "description", "pipeline"];

/** The stage that draws results and changes none. */
const DRAWS = "report";

/**
 * Returns the options in which resolved configs differ, in the order of the pipeline: only those that can
 * change a result, as in the ids of runs. An option at its default equals a missing one, so older configs do
 * not differ from newer ones by options that were added in between.
 *
 * Entries with the same name differ in their options, `train.optimizer.beta1`; entries with different names
 * differ as a whole, `train.optimizer`. So do lists, such as layers, whose items do not correspond.
 *
 * @param configs any JSON values: unknown content is compared as it is
 * @param schema JSON Schema of configs, which has the defaults
 */
export function differences(
  configs: readonly unknown[],
  schema: JsonSchema,
): readonly Difference[] {
  const short = configs.map((config) => withoutDefaults(config, schema));
  return [
    ...differ("", configs.map(byStage), short.map(byStage)),
    ...orderDifference(
      configs.map((config) => stagesOf(config).map(({ stage }) => String(stage))),
    ),
  ];
}

/** Returns the names of the stages if their common stages are in different orders. */
function orderDifference(orders: readonly (readonly string[])[]): readonly Difference[] {
  const common = orders.map((names) =>
    names.filter((name) => orders.every((other) => other.includes(name))).join()
  );
  return new Set(common).size <= 1 ? [] : [{ key: "pipeline", values: orders }];
}

/** Returns the differences below a path, from whole values and the same values without defaults. */
function differ(
  path: string,
  whole: readonly unknown[],
  short: readonly unknown[],
): readonly Difference[] {
  if (new Set(short.map(sortedText)).size <= 1) return [];
  if (whole.every(isDictionary) && areAlike(whole)) {
    const keys = [...new Set(whole.flatMap((value) => Object.keys(value)))];
    return keys.flatMap((key) =>
      differ(path === "" ? key : `${path}.${key}`, whole.map(at(key)), short.map(at(key)))
    );
  }
  if (whole.every(isListOfThings) && areAlike(whole)) {
    const [first] = whole as readonly [readonly unknown[]];
    return first.flatMap((_, index) =>
      differ(`${path}[${index}]`, whole.map(at(index)), short.map(at(index)))
    );
  }
  return [{
    key: path,
    values: whole.map((value, index) => isEmpty(short[index]) ? value : short[index]),
  }];
}

type Dictionary = Readonly<Record<string, unknown>>;

function isDictionary(value: unknown): value is Dictionary {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOfThings(value: unknown): value is readonly Dictionary[] {
  return Array.isArray(value) && value.every(isDictionary);
}

/** Whether entries have the same name, or lists of entries the same names. */
function areAlike(values: readonly (Dictionary | readonly Dictionary[])[]): boolean {
  const names = values.map((value) =>
    JSON.stringify(isDictionary(value) ? [value.name] : value.map(({ name }) => [name]))
  );
  return new Set(names).size === 1;
}

function at(step: string | number): (value: unknown) => unknown {
  return (value) =>
    typeof value === "object" && value !== null && Object.hasOwn(value, step)
      ? Reflect.get(value, step)
      : undefined;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (isDictionary(value) && Object.keys(value).length === 0);
}

/**
 * Returns a config as an object of its options and, by name, those of its stages, without the options that
 * vary between the members of an ensemble.
 */
function byStage(config: unknown): Dictionary {
  const options = isDictionary(config) ? config : {};
  const stages = stagesOf(config).map(({ stage, ...rest }) => [String(stage), rest] as const);
  const all = Object.fromEntries([
    ...Object.entries(options).filter(([key]) => !NO_RESULT.includes(key)),
    ...stages.filter(([name]) => name !== DRAWS),
  ]);
  const { ensemble: grid } = options;
  return Object.keys(isDictionary(grid) ? grid : {}).reduce(withoutPath, all);
}

/** Removes the option of a path, `train.epochs`; an entry whose name varies is removed as a whole. */
function withoutPath(config: Dictionary, path: string): Dictionary {
  const [step = "", ...rest] = path.replace(/(?<=.)\.name$/, "").split(".");
  const { [step]: option, ...others } = config;
  if (rest.length === 0) return others;
  return isDictionary(option) ? { ...config, [step]: withoutPath(option, rest.join(".")) } : config;
}

function stagesOf(config: unknown): readonly Dictionary[] {
  const pipeline = at("pipeline")(config);
  return Array.isArray(pipeline) ? pipeline.filter(isDictionary) : [];
}

/** Returns a text that is the same for equal values, whatever the order of their keys. */
function sortedText(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part) =>
      isDictionary(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1))
        : part,
  ) ?? "";
}
