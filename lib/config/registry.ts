/**
 * Registries: tables of named entries such as layers, losses, optimizers, schedules and data sets.
 *
 * In a config, an entry is named by `{ "name": …, options }`. An entry defines its options and a function that
 * creates the object from them. The schema of the table determines checks, defaults, error messages, the JSON
 * Schema and the documentation.
 *
 * @example A table of two
 * ```ts
 * import { z } from "zod";
 * import { entry, registry } from "./registry.ts";
 *
 * const identity = entry({
 *   doc: "Leaves a number as it is",
 *   options: z.strictObject({}),
 *   create: () => (x: number) => x,
 * });
 * const scale = entry({
 *   doc: "Multiplies a number",
 *   options: z.strictObject({ by: z.number().default(2).describe("the factor") }),
 *   create: ({ by }) => (x: number) => x * by,
 * });
 * const functions = registry("function", { identity, scale });
 *
 * const double = functions.create(functions.schema.parse({ name: "scale" }));
 * console.log(double(21)); // 42
 * ```
 *
 * @module
 */
import { z } from "zod";
import { didYouMean } from "./messages/suggest.ts";

/**
 * A zod schema whose checked values have a type: `z.ZodType<Value>`, declared so that this project's
 * documentation is complete without that of zod.
 */
export type Schema<Value> = InstanceType<(typeof z)["ZodType"]> & {
  readonly _output: Value;
  readonly _zod: { readonly output: Value };
};

/** An entry: its documentation, the schema of its options, and the function that creates the object. */
export interface Entry<Options, Made> {
  /** One line about the entry, shown by editors, error messages and the documentation. */
  readonly doc: string;
  /** `z.strictObject({ … })`: each option with its default and its own line of documentation. */
  readonly options: Schema<Options>;
  /** The option that labels show without its name: the units of "dense 128". */
  readonly main?: keyof Options & string;
  /** Whether labels omit the name of the entry, too: a network of dense layers is "128-10". */
  readonly nameless?: boolean;
  /** Options that are paths, relative to their config file. */
  readonly paths?: readonly (keyof Options & string)[];
  /** Creates the object from checked options with all defaults. */
  create(options: NoInfer<Options>): Made;
}

/** Documentation and options by name, from which a union of tagged values is built. */
export type Table = Readonly<Record<string, { readonly doc: string; readonly options: object }>>;

/** Entries by name, from which a registry is built. */
export type Entries = Readonly<
  Record<
    string,
    Table[string] & {
      readonly paths?: readonly string[];
      readonly create: (options: never) => unknown;
    }
  >
>;

/** The values of a table in a checked config: the options, and the name under the key `Tag`. */
export type Tagged<Tag extends string, Named extends Table> = {
  [Name in keyof Named & string]: Readonly<
    { [Key in Tag]: Name } & OptionsOf<Named[Name]["options"]>
  >;
}[keyof Named & string];

/** The options that a schema yields; zod's type for no options would forbid the name as well. */
export type OptionsOf<Options> = Options extends Schema<infer Value>
  ? Value extends Record<string, never> ? unknown : Value
  : never;

/** A table of named entries: see {@link registry}. */
export interface Registry<Named extends Entries> {
  /** Kind of the entries, in the singular: `optimizer`. */
  readonly kind: string;
  /** The names, in the table's order. */
  readonly names: readonly (keyof Named & string)[];
  /** The schema of `{ name, ...options }`: a union discriminated by the name. */
  readonly schema: Schema<Tagged<"name", Named>>;
  /**
   * Returns the entry of a name.
   *
   * @throws {RangeError} if the table has no such name
   */
  get<Name extends keyof Named & string>(name: Name): Named[Name];
  /**
   * Creates the object that a checked config value names.
   *
   * @throws {RangeError} if the table has no such name
   */
  create(named: Tagged<"name", Named>): ReturnType<Named[keyof Named]["create"]>;
  /** Name and entry, in the table's order. */
  [Symbol.iterator](): Iterator<readonly [keyof Named & string, Named[keyof Named & string]]>;
}

/** The value of an entry in a checked config: `{ name, ...options }`. */
export type Named<R extends { readonly schema: Schema<unknown> }> = R["schema"] extends
  Schema<infer Value> ? Value : never;

/**
 * Returns an entry of a registry. With an explicit type, `Entry<MomentumOptions, Optimizer>`, the interface of
 * options is compared with their schema: it is a type error if one of them lacks an option of the other, or if
 * types or optionality differ.
 */
export function entry<Checked extends Schema<unknown>, Made, Options = Checked["_output"]>(
  definition: {
    readonly doc: string;
    readonly options: Checked & Agreement<Options, Checked>;
    readonly main?: NoInfer<keyof Options & string>;
    readonly nameless?: boolean;
    readonly paths?: readonly NoInfer<keyof Options & string>[];
    create(options: NoInfer<Options>): Made;
  },
): Entry<Options, Made>;
/** An entry without options. */
export function entry<Made>(
  definition: { readonly doc: string; create(): Made },
): Entry<Record<string, never>, Made>;
export function entry(definition: { readonly doc: string; readonly options?: unknown }): unknown {
  return definition.options === undefined
    ? { ...definition, options: z.strictObject({}) }
    : definition;
}

/**
 * Checks options by their schema, and fills in defaults.
 *
 * @throws {RangeError} if an option is unknown, missing or invalid
 */
export function withDefaults<Options extends Schema<unknown>>(
  options: Options,
  overrides: object,
): Options["_output"] {
  const { data, error } = options.safeParse(overrides);
  if (error === undefined) return data;
  const [{ path, message }] = error.issues;
  const received = path.reduce<unknown>((value, key) => Object(value)[key], overrides);
  const expected = message.replace(/^(Invalid|Too)[^:]*: |, received .*/g, "")
    .replace(/^(Unrecognized )?(?!expected)/, (_, unknown) => `expected ${unknown ? "no " : ""}`);
  const option = path.length === 0 ? "these options" : `the option "${path.join(".")}"`;
  throw new RangeError(`Cannot use ${option}: ${expected}: received ${JSON.stringify(received)}`);
}

/** No requirement if an interface matches the options of a schema, or else one that cannot be met. */
export type Agreement<Options, Checked extends Schema<unknown>> = unknown extends Checked["_input"]
  ? unknown
  : [Checked["_output"], Options] extends [Options, Checked["_output"]] ? unknown
  : [OptionForm<Options>, OptionForm<Checked["_input"]>] extends
    [OptionForm<Checked["_input"]>, OptionForm<Options>] ? unknown
  : { readonly "expected the interface of": OptionForm<Checked["_input"]> };

/** The compared properties of each option: its name, whether it is optional, and its type if known. */
export type OptionForm<Options> = {
  [Key in keyof Options]-?: {
    readonly option: Key;
    readonly isOptional: Record<string, never> extends Pick<Options, Key> ? true : false;
    // deno-lint-ignore no-explicit-any -- agrees with every type, unlike unknown
    readonly type: unknown extends Options[Key] ? any
      : Options[Key] extends infer Value ? Value extends undefined ? never
        : Value extends readonly (infer Item)[] ? readonly Item[]
        : Value
      : never;
  };
}[keyof Options];

/**
 * Returns the registry of all entries of a kind. It is fixed: a new entry is one file and one word in the
 * table. The schema is built on first use.
 *
 * @param kind kind of the entries, in the singular
 * @param table the entries by name; an option called `name` makes `schema` throw a TypeError
 */
export function registry<Named extends Entries>(kind: string, table: Named): Registry<Named> {
  type Name = keyof Named & string;
  const entries: Readonly<Named> = Object.freeze({ ...table });
  const names: readonly Name[] = Object.freeze(Object.keys(entries));
  let schema: Schema<Tagged<"name", Named>> | undefined;
  const get = <Wanted extends Name>(name: Wanted): Named[Wanted] => {
    if (!Object.hasOwn(entries, name)) throw unknownNameError(kind, name, names);
    return entries[name];
  };
  return Object.freeze({
    kind,
    names,
    get,
    get schema() {
      return schema ??= taggedUnion("name", kind, entries);
    },
    create(named: Tagged<"name", Named>) {
      const { name, ...options } = named as { readonly name: Name };
      return get(name).create(options as never) as ReturnType<Named[keyof Named]["create"]>;
    },
    *[Symbol.iterator]() {
      for (const name of names) yield [name, entries[name]] as const;
    },
  });
}

function unknownNameError(kind: string, name: string, names: readonly string[]): RangeError {
  return new RangeError(
    `Cannot find ${kind}: expected one of ${names.map((known) => `"${known}"`).join(", ")}: ` +
      `received "${name}"${didYouMean(name, names)}`,
  );
}

/**
 * Returns the schema of an entry of a table, discriminated by a key: `{ [tag]: name, ...options }`, strict.
 *
 * Checks on an entry's options as a whole (`refine`) apply here too; they receive the tag as well.
 *
 * @param kind kind of the entries, in the singular, for messages
 * @throws {TypeError} if an entry's options are not a strict object, or one has the name of the tag
 */
export function taggedUnion<Tag extends string, Named extends Table>(
  tag: Tag,
  kind: string,
  table: Named,
): Schema<Tagged<Tag, Named>> {
  const members: readonly unknown[] = Object.entries(table).map(([name, { doc, options }]) => {
    const { shape, checks } = fieldsAndChecks(options, `${kind} "${name}"`);
    if (Object.hasOwn(shape, tag)) {
      throw new TypeError(
        `Cannot build ${kind} "${name}": expected another name for its option "${tag}"`,
      );
    }
    const member: z.ZodType<never> = z.strictObject({ [tag]: z.literal(name), ...shape }) as never;
    return member.check(...checks).describe(doc);
  });
  // the types cannot follow Object.entries; tests/config/registry_test.ts holds both together
  const union: unknown = z.discriminatedUnion(tag, members as [z.core.$ZodTypeDiscriminable]);
  return union as Schema<Tagged<Tag, Named>>;
}

/** Splits the schema of a strict object into the schemas of its options and the checks on the whole. */
export function fieldsAndChecks(options: object, label: string): {
  readonly shape: z.core.$ZodShape;
  readonly checks: readonly z.core.$ZodCheck<never>[];
} {
  if (options instanceof z.ZodObject && options.def.catchall instanceof z.ZodNever) {
    return { shape: options.def.shape, checks: options.def.checks ?? [] };
  }
  throw new TypeError(`Cannot build ${label}: expected options made by z.strictObject()`);
}
