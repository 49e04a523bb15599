/**
 * Registries: tables of named entries such as layers, losses, optimizers, schedules and data sets.
 *
 * A config refers to an entry by `{ "name": …, options }`. An entry defines its options and a function that
 * creates an object from them. Validation, defaults, error messages, the JSON Schema and the documentation
 * are all derived from the table.
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
 * A zod schema whose valid values have the type `Value`. It is the same as `z.ZodType<Value>`, declared
 * here so that this project's documentation is complete without zod's.
 */
export type Schema<Value> = InstanceType<(typeof z)["ZodType"]> & {
  readonly _output: Value;
  readonly _zod: { readonly output: Value };
};

/**
 * An entry of a registry: its documentation, the schema of its options, and the function that creates the
 * object.
 */
export interface Entry<Options, Made> {
  /** Description of the entry in one line, shown by editors, error messages and the documentation. */
  readonly doc: string;
  /**
   * Schema of the options, made by `z.strictObject({ … })`. Each option has a default and a description.
   */
  readonly options: Schema<Options>;
  /** Option that labels show by its value alone, such as the number of units in "dense 128". */
  readonly main?: keyof Options & string;
  /** Whether labels also omit the name of the entry, as in "128-10" for a network of dense layers. */
  readonly nameless?: boolean;
  /** Names of the options that are paths. They are relative to the config file. */
  readonly paths?: readonly (keyof Options & string)[];
  /** Creates the object from valid options with all defaults. */
  create(options: NoInfer<Options>): Made;
}

/** Documentation and options of entries, by name. */
export type Table = Readonly<Record<string, { readonly doc: string; readonly options: object }>>;

/** Table of entries by name, from which {@linkcode registry} builds a registry. */
export type Entries = Readonly<
  Record<
    string,
    Table[string] & {
      readonly paths?: readonly string[];
      readonly create: (options: never) => unknown;
    }
  >
>;

/**
 * Type of a valid config value that refers to an entry of a table: the options of the entry, and its name
 * under the key `Tag`.
 */
export type Tagged<Tag extends string, Named extends Table> = {
  [Name in keyof Named & string]: Readonly<
    { [Key in Tag]: Name } & OptionsOf<Named[Name]["options"]>
  >;
}[keyof Named & string];

/**
 * Type of the options that a schema yields. It is `unknown` for a schema without options, since zod's type
 * for these would forbid the key `name` or `stage`, too.
 */
export type OptionsOf<Options> = Options extends Schema<infer Value>
  ? Value extends Record<string, never> ? unknown : Value
  : never;

/** A table of named entries of one kind, built by {@link registry}. */
export interface Registry<Named extends Entries> {
  /** Kind of the entries in the singular, for example `optimizer`. */
  readonly kind: string;
  /** Names of the entries, in the order of the table. */
  readonly names: readonly (keyof Named & string)[];
  /** Schema of the config value `{ name, ...options }`: a union discriminated by the name. */
  readonly schema: Schema<Tagged<"name", Named>>;
  /**
   * Returns the entry with a name.
   *
   * @throws {RangeError} if the table has no such name
   */
  get<Name extends keyof Named & string>(name: Name): Named[Name];
  /**
   * Creates the object that a valid config value describes.
   *
   * @throws {RangeError} if the table has no such name
   */
  create(named: Tagged<"name", Named>): ReturnType<Named[keyof Named]["create"]>;
  /** Iterates over the names and entries, in the order of the table. */
  [Symbol.iterator](): Iterator<readonly [keyof Named & string, Named[keyof Named & string]]>;
}

/** Type of a valid config value that refers to an entry of a registry: `{ name, ...options }`. */
export type Named<R extends { readonly schema: Schema<unknown> }> = R["schema"] extends
  Schema<infer Value> ? Value : never;

/**
 * Returns an entry of a registry.
 *
 * If its type is written out, such as `Entry<MomentumOptions, Optimizer>`, the TypeScript compiler compares
 * the interface of the options with their schema. A missing option, another type or another optionality is
 * a type error.
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
/** Returns an entry of a registry that has no options. */
export function entry<Made>(
  definition: { readonly doc: string; create(): Made },
): Entry<Record<string, never>, Made>;
export function entry(definition: { readonly doc: string; readonly options?: unknown }): unknown {
  return definition.options === undefined
    ? { ...definition, options: z.strictObject({}) }
    : definition;
}

/**
 * Validates options against their schema, and returns them with all defaults.
 *
 * @throws {RangeError} if an option is unknown, missing or invalid
 */
export function withDefaults<Options extends Schema<unknown>>(
  schema: Options,
  options: object,
): Options["_output"] {
  const { data, error } = schema.safeParse(options);
  if (error === undefined) return data;
  const [{ path, message }] = error.issues;
  const received = path.reduce<unknown>((value, key) => Object(value)[key], options);
  const expected = message.replace(/^(Invalid|Too)[^:]*: |, received .*/g, "")
    .replace(/^(Unrecognized )?(?!expected)/, (_, unknown) => `expected ${unknown ? "no " : ""}`);
  const option = path.length === 0 ? "these options" : `the option "${path.join(".")}"`;
  throw new RangeError(`Cannot use ${option}: ${expected}: received ${JSON.stringify(received)}`);
}

/**
 * Type that checks an interface of options against a schema. It is `unknown`, which allows every schema, if
 * they match, and otherwise a type that no schema has.
 */
export type Agreement<Options, Checked extends Schema<unknown>> = unknown extends Checked["_input"]
  ? unknown
  : [Checked["_output"], Options] extends [Options, Checked["_output"]] ? unknown
  : [OptionForm<Options>, OptionForm<Checked["_input"]>] extends
    [OptionForm<Checked["_input"]>, OptionForm<Options>] ? unknown
  : { readonly "expected the interface of": OptionForm<Checked["_input"]> };

/**
 * Properties of each option that {@linkcode Agreement} compares: its name, whether it is optional, and its
 * type if it is known.
 */
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
 * Returns the registry of all entries of a kind. Entries cannot be added later. The schema is built when it
 * is first used.
 *
 * @param kind kind of the entries, in the singular
 * @param table the entries by name. If one has an option called `name`, reading `schema` throws a TypeError
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

/** Returns the error for a name that a registry does not have. */
function unknownNameError(kind: string, name: string, names: readonly string[]): RangeError {
  return new RangeError(
    `Cannot find ${kind}: expected one of ${names.map((known) => `"${known}"`).join(", ")}: ` +
      `received "${name}"${didYouMean(name, names)}`,
  );
}

/**
 * Returns the schema of a config value that refers to an entry of a table: a union of `{ [tag]: name,
 * ...options }`, discriminated by the key `tag`. Unknown keys are invalid.
 *
 * Checks of an entry's options as a whole (`refine`) apply to these values too. They receive the key `tag`
 * as well.
 *
 * @param kind kind of the entries in the singular, for error messages
 * @throws {TypeError} if the options of an entry are not a strict object, or contain the key `tag`
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

/**
 * Splits the schema of a strict object into the schemas of its fields and the checks on the whole. `label`
 * names the object in the TypeError for other schemas.
 */
export function fieldsAndChecks(options: object, label: string): {
  readonly shape: z.core.$ZodShape;
  readonly checks: readonly z.core.$ZodCheck<never>[];
} {
  if (options instanceof z.ZodObject && options.def.catchall instanceof z.ZodNever) {
    return { shape: options.def.shape, checks: options.def.checks ?? [] };
  }
  throw new TypeError(`Cannot build ${label}: expected options made by z.strictObject()`);
}
