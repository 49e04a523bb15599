import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { jsonSchema } from "../../lib/config/schemas/json_schema.ts";
import { readConfig } from "../../lib/config/read.ts";
import { configSchema } from "../../lib/config/schema.ts";
import { collectionId, rangeTestId, runId } from "../../lib/run/identity.ts";
import { isRunName, runName, slug } from "../../lib/run/names.ts";
import { rules, stages, TEXT } from "../config/example.ts";

const schema = jsonSchema(configSchema(stages));
const data = [{ sha256: "a".repeat(64) }, { sha256: "b".repeat(64) }];

/** The id of the example config with changes. */
function id(
  { set = [], text = TEXT, backend = "exact", hashes = data }: {
    readonly set?: readonly string[];
    readonly text?: string;
    readonly backend?: string;
    readonly hashes?: typeof data;
  } = {},
): string {
  const config = readConfig("a.json", set, { ...rules, readText: () => text });
  return runId({ config, schema, backend, data: hashes });
}

Deno.test("runId() is ten hexadecimal digits that must not change without a new format version", () => {
  assertEquals(id(), "a1e86bcaee");
});

Deno.test("runId() does not depend on options that cannot change the result", () => {
  const withoutNames = TEXT.replace(
    '  "name": "mnist-mlp",',
    '  "name": "other", "description": "x",',
  )
    .replace('  "$schema": "./schema.json",\n', "");
  for (
    const same of [
      id({ text: withoutNames }),
      id({ set: ["train.batchSize=64"] }),
      id({ set: ["train.layers[0].bias=true"] }),
      id({ set: ["train.learningRate.to=0"] }),
      id({ set: ['evaluate.on=["validation"]'] }),
      id({ set: ['train.optimizer={"decay":0.5,"name":"momentum"}'] }),
      id({ set: ["split.validation=5e3"] }),
    ]
  ) assertEquals(same, id());
});

Deno.test("runId() depends on everything that can change the result", () => {
  const all = [
    id(),
    id({ set: ["seed=43"] }),
    id({ set: ["train.batchSize=65"] }),
    id({ set: ["train.epochs=11"] }),
    id({ set: ["train.layers[0].bias=false"] }),
    id({ set: ["train.layers[0].units=129"] }),
    id({ set: ["train.optimizer.decay=0.9"] }), // the default
    id({ set: ["train.optimizer.name=adam"] }),
    id({ set: ['evaluate.on=["validation","train"]'] }),
    id({ set: ["normalize.method.name=standardize"] }),
    id({ text: TEXT.replace('    { "stage": "report" }, /*', "    /*") }),
    id({ backend: "blas: OpenBLAS 0.3.21, 2 threads" }),
    id({ hashes: data.toReversed() }),
    id({ hashes: data.slice(1) }),
  ];
  assertEquals(new Set(all).size, all.length);
  for (const one of all) assertMatch(one, /^[0-9a-f]{10}$/);
});

Deno.test("runName() is a valid folder name on any system", () => {
  assertEquals(runName("mnist-mlp", "0123456789"), "mnist-mlp-0123456789");
  for (
    const [name, expected] of [
      ["MNIST, 1 hidden layer!", "mnist-1-hidden-layer"],
      ["../../etc/passwd", "etc-passwd"],
      ["Größe", "große".replace("ß", "-")],
      ["éàü", "eau"],
      ["手書き", "run"],
      ["...", "run"],
      ["a".repeat(64), "a".repeat(40)],
      [`${"a".repeat(39)} b`, "a".repeat(39)],
    ] as const
  ) {
    assertEquals(slug(name), expected);
    assertEquals(isRunName(runName(name, "0123456789")), true);
  }
});

Deno.test("isRunName() distinguishes the names of runs from others", () => {
  for (
    const name of [
      "",
      "..",
      ".tmp",
      "mnist",
      "a-0123",
      "a-0123456789/",
      "-0123456789",
      "A-0123456789",
    ]
  ) {
    assertEquals(isRunName(name), false, name);
  }
  assertNotEquals(isRunName("a-b-0123456789"), false);
});

Deno.test("runId() depends on the content from which a run starts", () => {
  const config = readConfig("a.json", [], { ...rules, readText: () => TEXT });
  const identity = { config, schema, backend: "exact", data };
  const [one, other] = ["c", "d"].map((digit) => runId({ ...identity, origin: digit.repeat(64) }));
  assertEquals(new Set([id(), one, other]).size, 3);
  assertEquals(runId({ ...identity, origin: undefined }), id());
});

Deno.test("collectionId() depends on the ids of the runs, their order and their kind of collection", () => {
  const [a, b] = ["0123456789", "abcdef0123"];
  const both = collectionId("sweep", [`mnist-${a}`, `mnist-${b}`]);
  assertMatch(both, /^[0-9a-f]{10}$/);
  assertEquals(collectionId("sweep", [`other-name-${a}`, `x-${b}`]), both);
  const others = [
    collectionId("ensemble", [`mnist-${a}`, `mnist-${b}`]),
    collectionId("sweep", [`mnist-${b}`, `mnist-${a}`]),
    collectionId("sweep", [`mnist-${a}`]),
  ];
  assertEquals(new Set([both, ...others]).size, 4);
});

Deno.test("rangeTestId() depends on the rates, and not on options that a range test ignores", () => {
  const range = { from: 1e-6, to: 10, steps: 500 };
  const idOf = (set: readonly string[], tested = range) => {
    const config = readConfig("a.json", set, { ...rules, readText: () => TEXT });
    return rangeTestId({ config, schema, backend: "exact", data }, tested);
  };
  const looked = idOf([]);
  for (const set of ["train.epochs=3", "train.learningRate.from=0.5", 'evaluate.on=["train"]']) {
    assertEquals(idOf([set]), looked, set);
  }
  for (
    const set of [
      "seed=1",
      "train.batchSize=32",
      "train.optimizer.name=adam",
      "split.validation=0.5",
    ]
  ) {
    assertNotEquals(idOf([set]), looked, set);
  }
  assertNotEquals(idOf([], { ...range, steps: 501 }), looked);
});
