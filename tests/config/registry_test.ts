import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import {
  type Entry,
  entry,
  type Named,
  registry,
  withDefaults,
} from "../../lib/config/registry.ts";

const sgd = entry({
  doc: "Gradient descent",
  options: z.strictObject({}),
  create: () => "sgd" as const,
});

const momentum = entry({
  doc: "Gradient descent with momentum",
  options: z.strictObject({
    decay: z.number().min(0).lt(1).default(0.9).describe("share of the old velocity kept"),
  }),
  create: ({ decay }) => ({ decay }),
});

const between = entry({
  doc: "A range",
  options: z.strictObject({ from: z.number(), to: z.number() })
    .refine(({ from, to }) => from <= to, { path: ["to"], message: "from <= to" }),
  create: ({ from, to }) => to - from,
});

const optimizers = registry("optimizer", { sgd, momentum });

Deno.test("entry() returns its argument", () => {
  const given = { doc: "x", options: z.strictObject({}), create: () => 1 };
  assertStrictEquals(entry(given), given);
});

Deno.test("entry() without options has none", () => {
  const { options } = entry({ doc: "x", create: () => 1 });
  assertEquals(options.parse({}), {});
  assertEquals(options.safeParse({ decay: 0 }).success, false);
});

Deno.test("entry() checks the interface of its options against their schema", () => {
  interface Options {
    readonly by?: number;
    readonly names?: readonly string[] | undefined;
    readonly to: "a" | "b";
  }
  const create = () => 1;
  const [doc, by, to] = ["x", z.number().default(1), z.enum(["a", "b"])];
  const names = z.array(z.string()).optional();
  const same: Entry<Options, number> = entry({
    doc,
    options: z.strictObject({ by, names, to }),
    create,
  });
  assertEquals(same.create({ to: "a" }), 1);
  const fewer = z.strictObject({ names, to });
  const more = z.strictObject({ by, names, to, from: z.number().default(0) });
  const required = z.strictObject({ by: z.number(), names, to });
  const optional = z.strictObject({ by, names, to: to.default("a") });
  const other = z.strictObject({ by, names, to: z.literal("a") });
  // @ts-expect-error: the schema has no option "by"
  entry<typeof fewer, number, Options>({ doc, options: fewer, create });
  // @ts-expect-error: the interface has no option "from"
  entry<typeof more, number, Options>({ doc, options: more, create });
  // @ts-expect-error: "by" may not be left out
  entry<typeof required, number, Options>({ doc, options: required, create });
  // @ts-expect-error: "to" may be left out
  entry<typeof optional, number, Options>({ doc, options: optional, create });
  // @ts-expect-error: "to" is only "a"
  entry<typeof other, number, Options>({ doc, options: other, create });
});

Deno.test("withDefaults() fills in defaults, and reports invalid options", () => {
  const options = z.strictObject({
    decay: z.number().min(0).lt(1).default(0.9),
    layers: z.array(z.strictObject({ units: z.int() })).optional(),
  });
  assertEquals(withDefaults(options, {}), { decay: 0.9 });
  assertEquals(withDefaults(options, { decay: undefined }), { decay: 0.9 });
  for (
    const [wrong, message] of [
      [{ decay: 1 }, 'Cannot use the option "decay": expected number to be <1: received 1'],
      [{ decay: "1" }, 'Cannot use the option "decay": expected number: received "1"'],
      [{ dekay: 1 }, 'Cannot use these options: expected no key: "dekay": received {"dekay":1}'],
      [
        { layers: [{ units: 0.5 }] },
        'Cannot use the option "layers.0.units": expected int: received 0.5',
      ],
    ] as const
  ) assertThrows(() => withDefaults(options, wrong), RangeError, message);
});

Deno.test("registry() has its kind, its names and its entries, in order", () => {
  assertEquals(optimizers.kind, "optimizer");
  assertEquals(optimizers.names, ["sgd", "momentum"]);
  assertStrictEquals(optimizers.get("momentum"), momentum);
  assertEquals([...optimizers].map(([name, { doc }]) => [name, doc]), [
    ["sgd", "Gradient descent"],
    ["momentum", "Gradient descent with momentum"],
  ]);
});

Deno.test("registry() infers the types of a named value and of the created object", () => {
  const named: Named<typeof optimizers> = { name: "momentum", decay: 0.5 };
  const made: "sgd" | { decay: number } = optimizers.create(named);
  assertEquals(made, { decay: 0.5 });
  // @ts-expect-error: no such name
  const wrong: Named<typeof optimizers> = { name: "adam" };
  assertThrows(() => optimizers.create(wrong), RangeError, 'received "adam"');
});

Deno.test("registry().create() passes on the options without the name", () => {
  const seen = entry({
    doc: "",
    options: z.strictObject({ a: z.number() }),
    create: (given) => Object.keys(given),
  });
  assertEquals(registry("thing", { seen }).create({ name: "seen", a: 1 }), ["a"]);
});

Deno.test("registry().get() suggests the nearest entry, and finds no inherited property", () => {
  const get = optimizers.get as (name: string) => unknown;
  assertThrows(() => get("momentun"), RangeError, 'did you mean "momentum"?');
  for (const name of ["constructor", "__proto__", "toString", ""]) {
    assertThrows(() => get(name), RangeError, 'expected one of "sgd", "momentum"');
  }
});

Deno.test("registry().schema fills in defaults, name first", () => {
  assertEquals(
    JSON.stringify(optimizers.schema.parse({ name: "momentum" })),
    '{"name":"momentum","decay":0.9}',
  );
});

Deno.test("registry().schema rejects unknown names, unknown keys and wrong values", () => {
  for (
    const bad of [
      { name: "adam" },
      { name: "sgd", decay: 0.9 },
      { name: "momentum", decay: 1 },
      { name: "momentum", decay: NaN },
      {},
      null,
      [],
      "sgd",
    ]
  ) {
    assertEquals(optimizers.schema.safeParse(bad).success, false, JSON.stringify(bad));
  }
});

Deno.test("registry().schema keeps checks on an entry's options as a whole", () => {
  const ranges = registry("range", { between });
  assertEquals(ranges.schema.safeParse({ name: "between", from: 1, to: 2 }).success, true);
  const issues = ranges.schema.safeParse({ name: "between", from: 2, to: 1 }).error?.issues;
  assertEquals(issues?.map(({ path }) => path), [["to"]]);
});

Deno.test("registry().schema is built once, with the documentation", () => {
  assertStrictEquals(optimizers.schema, optimizers.schema);
  const text = JSON.stringify(z.toJSONSchema(optimizers.schema));
  assertEquals(text.includes("Gradient descent with momentum"), true);
  assertEquals(text.includes("share of the old velocity kept"), true);
});

Deno.test("registry() rejects an option called name, and loose options, when its schema is built", () => {
  const named = entry({
    doc: "",
    options: z.strictObject({ name: z.string() }),
    create: () => 1,
  });
  assertThrows(() => registry("thing", { named }).schema, TypeError, 'its option "name"');
  const loose = entry({ doc: "", options: z.object({}), create: () => 1 });
  assertThrows(() => registry("thing", { loose }).schema, TypeError, "z.strictObject()");
});

Deno.test("registry() cannot be changed, nor can its table", () => {
  const table: Record<string, typeof sgd> = { sgd };
  const built = registry("optimizer", table);
  table["other"] = sgd;
  assertEquals(built.names, ["sgd"]);
  assertThrows(() => Object.assign(built, { kind: "layer" }), TypeError);
});
