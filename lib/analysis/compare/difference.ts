/**
 * What differs between configs, by the paths that `--set` takes.
 *
 * @module
 */
import { withoutDefaults } from "../../config/defaults.ts";
import type { JsonSchema } from "../../config/json_schema.ts";

export interface Difference {
  /** Its path: `train.epochs`, `train.layers[0].units`; or that of a thing, a list or a stage as a whole. */
  readonly key: string;
  /** Its value in each config, options of things at their default left out; undefined where it has none. */
  readonly values: readonly unknown[];
}

/** What a config is called and how it is drawn, which changes no result. */
const NO_RESULT = ["$schema", "name", "description", "pipeline"];

/** The stage that draws what others computed. */
const DRAWS = "report";

/**
 * The options in which resolved configs differ, in the order of the pipeline, and only those that can
 * change a result, as in the ids of runs. An option at its default is the same as one that is not
 * given, so configs from before there was an option do not differ from those since.
 *
 * Things of one name differ in their options, `train.optimizer.beta1`; things of several names as a
 * whole, `train.optimizer`. So do lists, such as layers, of which not every item has its counterpart.
 *
 * @param configs any values of JSON: what is not understood is compared as it is
 * @param schema of configs, which knows the defaults
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

/** Names of the stages, if those that all configs have come in another order. */
function orderDifference(orders: readonly (readonly string[])[]): readonly Difference[] {
  const common = orders.map((names) =>
    names.filter((name) => orders.every((other) => other.includes(name))).join()
  );
  return new Set(common).size <= 1 ? [] : [{ key: "pipeline", values: orders }];
}

/** The differences below a path, of whole values and of these without what is at its default. */
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

/** Whether things have one name, or lists of things the same names. */
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
 * A config as an object of its options and, by their names, those of its stages; without what the grid of
 * an ensemble has several values for.
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

/** A config without the option of a path, `train.epochs`; a thing whose name is set goes as a whole. */
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

/** Text that is the same for equal values, whatever the order of their keys. */
function sortedText(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part) =>
      isDictionary(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1))
        : part,
  ) ?? "";
}
