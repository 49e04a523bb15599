import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ConfigError } from "../../lib/config/messages/problem.ts";
import { parseConfig, readConfig } from "../../lib/config/read.ts";
import { anyText } from "../texts.ts";
import { reader, rules, TEXT } from "./example.ts";

/** Reads the text as `a.json`. */
const read = (text: string, ...overrides: readonly string[]) =>
  readConfig("a.json", overrides, { ...rules, readText: () => text });

/** The lines of the message with which the text is refused, but for the first. */
function refusal(text: string, ...overrides: readonly string[]): readonly string[] {
  const { message } = assertThrows(() => read(text, ...overrides), ConfigError);
  const [first = "", ...lines] = message.split("\n");
  const count = `${lines.length} ${lines.length === 1 ? "problem" : "problems"}`;
  assertEquals(first, `Cannot read config "a.json": ${count}`);
  return lines.map((line) => line.slice(2));
}

/** The text with one part replaced. */
function edited(from: string, to: string): string {
  assertStringIncludes(TEXT, from);
  return TEXT.replace(from, to);
}

Deno.test("readConfig() fills in all defaults, and drops keys that only files need", () => {
  const config = read(TEXT);
  assertEquals(config, {
    name: "mnist-mlp",
    seed: 42,
    pipeline: [
      { stage: "load", dataset: { name: "mnist" } },
      { stage: "split", validation: 5000 },
      { stage: "normalize", method: { name: "unit" } },
      {
        stage: "train",
        layers: [
          { name: "dense", units: 128, bias: true },
          { name: "relu" },
          { name: "dense", units: 10, bias: true },
        ],
        loss: { name: "softmaxCrossEntropy" },
        optimizer: { name: "momentum", decay: 0.5 },
        learningRate: { name: "cosine", from: 0.002, to: 0 },
        epochs: 10,
        batchSize: 64,
      },
      { stage: "evaluate", on: ["validation"], augmentedCopies: 0 },
      { stage: "report" },
    ],
  });
});

Deno.test("readConfig() infers the type of each stage", () => {
  const train = read(TEXT).pipeline.find(({ stage }) => stage === "train");
  assert(train?.stage === "train");
  const epochs: number = train.epochs;
  const names: readonly ("dense" | "relu")[] = train.layers.map(({ name }) => name);
  assertEquals([epochs, names], [10, ["dense", "relu", "dense"]]);
  // @ts-expect-error: a stage is read-only
  train.epochs = 3;
});

Deno.test("readConfig() reports all problems at once, each with line, paths and nearest name", () => {
  const text = edited('"momentum", "decay": 0.5', '"momentum", "decay": 1.5')
    .replace('"epochs"', '"epoch"')
    .replace('{ "name": "unit" }', '{ "name": "unti" }')
    .replace('"seed": 42', '"seed": -1')
    .replace('"units": 10 }', '"units": "ten" }');
  assertEquals(refusal(text), [
    "a.json:5: seed: expected a whole number >= 0 and <= 9007199254740991: received -1",
    'a.json:9: pipeline[2].method.name (normalize.method.name): expected one of "unit", ' +
    '"standardize": received "unti": did you mean "unit"?',
    "a.json:10: pipeline[3].epochs (train.epochs): expected a whole number >= 1 and <= 1000000: " +
    "received nothing",
    "a.json:12: pipeline[3].layers[2].units (train.layers[2].units): expected a whole number " +
    '>= 1 and <= 65536: received "ten"',
    "a.json:14: pipeline[3].optimizer.decay (train.optimizer.decay): expected a number >= 0 and " +
    "< 1: received 1.5",
    'a.json:16: pipeline[3].epoch (train.epoch): expected no such key: did you mean "epochs"?',
  ]);
});

for (
  const [what, from, to, ...lines] of [
    ["a key that is near none", '"epochs": 10', '"epochs": 10, "zzzzzz": 1', [
      'a.json:16: pipeline[3].zzzzzz (train.zzzzzz): expected no such key, but "stage", "layers", ' +
      '"loss", "optimizer", "learningRate", "epochs", "batchSize"',
    ]],
    ["an unknown key of a named thing", '"decay": 0.5', '"decai": 0.5', [
      "a.json:14: pipeline[3].optimizer.decai (train.optimizer.decai): expected no such key: " +
      'did you mean "decay"?',
    ]],
    ["an unknown key at the top", '"seed": 42', '"seed": 42, "Name": 3', [
      'a.json:5: Name: expected no such key: did you mean "name"?',
    ]],
    ["__proto__ at any depth", '{ "name": "relu" }', '{ "name": "relu", "__proto__": {} }', [
      "a.json:12: pipeline[3].layers[1].__proto__ (train.layers[1].__proto__): expected no such " +
      'key, but "name"',
    ]],
    ["a name of Object.prototype", '"name": "unit"', '"name": "constructor"', [
      "a.json:9: pipeline[2].method.name (normalize.method.name): expected one of " +
      '"unit", "standardize": received "constructor"',
    ]],
    ["a name where a named thing belongs", '{ "name": "momentum", "decay": 0.5 }', '"adam"', [
      'a.json:14: pipeline[3].optimizer (train.optimizer): expected an object with "name" one of ' +
      '"sgd", "momentum", "adam": received "adam": did you mean { "name": "adam" }?',
    ]],
    ["a number where a named thing belongs", '{ "name": "momentum", "decay": 0.5 }', "0.5", [
      'a.json:14: pipeline[3].optimizer (train.optimizer): expected an object with "name" one of ' +
      '"sgd", "momentum", "adam": received 0.5',
    ]],
    ["a named thing without a name", '"name": "momentum", ', "", [
      "a.json:14: pipeline[3].optimizer.name (train.optimizer.name): expected one of " +
      '"sgd", "momentum", "adam": received nothing',
    ]],
    ["null", '"epochs": 10', '"epochs": null', [
      "a.json:16: pipeline[3].epochs (train.epochs): expected a whole number >= 1 and <= 1000000: " +
      "received null",
    ]],
    ["zero epochs", '"epochs": 10', '"epochs": 0', [
      "a.json:16: pipeline[3].epochs (train.epochs): expected a whole number >= 1 and <= 1000000: " +
      "received 0",
    ]],
    ["a broken number", '"epochs": 10', '"epochs": 2.5', [
      "a.json:16: pipeline[3].epochs (train.epochs): expected a whole number >= 1 and <= 1000000: " +
      "received 2.5",
    ]],
    ["a seed that doubles cannot hold", "42", "9007199254740993", [
      "a.json:5: seed: expected a whole number >= 0 and <= 9007199254740991: " +
      "received 9007199254740992",
    ]],
    ["a number beyond all numbers", "42", "1e999", [
      "a.json:5: seed: expected a number below 1.8e308 in size: received a larger one",
    ]],
    ["an empty list", '[{ "name": "dense", "units": 128 },', '[], "l": [', [
      "a.json:12: pipeline[3].layers (train.layers): expected a list of 1 to 1000 items: " +
      "received an empty list",
      'a.json:12: pipeline[3].l (train.l): expected no such key, but "stage", "layers", "loss", ' +
      '"optimizer", "learningRate", "epochs", "batchSize"',
    ]],
    ["a share of one and a half", "5000", "1.5", [
      "a.json:8: pipeline[1].validation (split.validation): expected a fraction below 1, or a whole " +
      "number of samples: received 1.5",
    ]],
    ["a split twice", '"stage": "evaluate"', '"stage": "evaluate", "on": ["test", "test"]', [
      "a.json:18: pipeline[4].on (evaluate.on): expected each split once: received a list of 2",
    ]],
    ["validation without held out data", "5000", "0", [
      'a.json:18: pipeline[4].on (evaluate.on): expected existing splits: received "validation", ' +
      'but no data is held out: set "validation" in the stage "split", or name other splits',
    ]],
    ["an unknown stage", '"stage": "split"', '"stage": "spilt"', [
      'a.json:8: pipeline[1].stage (spilt.stage): expected one of "load", "split", "normalize", ' +
      '"train", "evaluate", "report": received "spilt": did you mean "split"?',
    ]],
    ["a stage that is no object", '{ "stage": "report" }', '"report"', [
      'a.json:19: pipeline[5]: expected an object with "stage" one of "load", "split", ' +
      '"normalize", "train", "evaluate", "report": received "report": ' +
      'did you mean { "stage": "report" }?',
    ]],
    ["a stage twice", '{ "stage": "report" }', '{ "stage": "report" }, { "stage": "report" }', [
      'a.json:19: pipeline[6]: stage 7 "report": expected each stage once: received it again, after stage 6',
    ]],
    ["a stage too early", '    { "stage": "split", "validation": 5000 },\n', "", [
      'a.json:8: pipeline[1]: stage 2 "normalize": expected "splits" from an earlier stage: received none: ' +
      'put "split" before it',
      'a.json:9: pipeline[2]: stage 3 "train": expected "splits" from an earlier stage: received none: ' +
      'put "split" before it',
      'a.json:17: pipeline[3]: stage 4 "evaluate": expected "splits" from an earlier stage: received none: ' +
      'put "split" before it',
    ]],
    ["a key twice", '"seed": 42,', '"seed": 42,\n  "seed": 43,', [
      'a.json:6: seed: expected each key once: received "seed" again, after line 5',
    ]],
    ["a missing comma", '"seed": 42,', '"seed": 42', [
      'a.json:6:3: expected a "," before the next item',
    ]],
    ["NaN", "42", "NaN", [
      "a.json:5:11: expected a value of JSON",
    ]],
    ["half a surrogate pair", '"mnist-mlp"', '"\\ud800"', [
      "a.json:4: name: expected Unicode text: received one half of a surrogate pair",
    ]],
  ] as const
) {
  Deno.test(`readConfig() rejects ${what}`, () => {
    assertEquals(refusal(edited(from, to)), lines[0]);
  });
}

Deno.test("readConfig() rejects input that is not an object, text that is too long and nesting that is too deep", () => {
  for (const text of ["[]", "3", "null", '"x"']) {
    assertEquals(refusal(text), [
      'a.json:1: expected an object: { "name": …, "seed": …, "pipeline": [ … ] }',
    ]);
  }
  assertEquals(refusal(""), ["a.json:1:1: expected a value"]);
  assertEquals(refusal(" ".repeat(2 ** 20 + 1)), [
    "a.json:1: expected at most 1048576 characters: received 1048577",
  ]);
  for (const text of ["\n[".repeat(500_000), '\n{"a":'.repeat(100_000)]) {
    assertEquals(refusal(text), [
      "a.json:66: expected at most 64 levels of nesting: received more",
    ]);
  }
});

Deno.test("readConfig() lists twenty problems and counts the rest", () => {
  const many = Array.from({ length: 50_000 }, () => "0").join(",");
  const { message, problems } = assertThrows(
    () => read(`{"name": "x", "seed": 1, "pipeline": [${many}]}`),
    ConfigError,
  );
  assertEquals(problems.length, 50_000);
  assertEquals(message.split("\n").length, 22);
  assertStringIncludes(message, "and 49980 more");
});

Deno.test("readConfig() reads -0 as 0, and ignores a byte order mark", () => {
  const split =
    read(`\uFEFF${edited('"validation": 5000', '"validation": -0')}`, 'evaluate.on=["test"]')
      .pipeline[1];
  assertEquals(Object.is(split?.stage === "split" && split.validation, 0), true);
});

Deno.test("readConfig() merges stages by name and objects by key, and replaces lists", () => {
  const files = {
    "configs/a.json": `{ "extends": "../base/b.json", "name": "wide", "pipeline": [
      { "stage": "train", "optimizer": { "decay": 0.25 }, "layers": [{ "name": "relu" }] },
      { "stage": "evaluate", "on": ["test"] } ] }`,
    "base/b.json": TEXT,
  };
  const config = readConfig("configs/a.json", [], { ...rules, readText: reader(files) });
  const expected = read(
    TEXT,
    "name=wide",
    "train.optimizer.decay=0.25",
    'train.layers=[{"name":"relu"}]',
    'evaluate.on=["test"]',
  );
  assertEquals(config, expected);
});

Deno.test("readConfig() replaces an entry whose name changes, in files and by --set", () => {
  const over = `{ "extends": "b.json", "pipeline": [
    { "stage": "train", "optimizer": { "name": "adam" } } ] }`;
  const optimizer = (...overrides: string[]) => {
    const files = reader({ "a.json": over, "b.json": TEXT });
    const config = readConfig("a.json", overrides, { ...rules, readText: files });
    return config.pipeline.flatMap((stage) => stage.stage === "train" ? [stage.optimizer] : []);
  };
  assertEquals(optimizer(), [{ name: "adam", decay: 0.9 }]);
  assertEquals(optimizer("train.optimizer.decay=0.1"), [{ name: "adam", decay: 0.1 }]);
  assertEquals(
    optimizer("train.optimizer.decay=0.1", "train.optimizer.name=sgd"),
    [{ name: "sgd" }],
  );
  assertEquals(
    optimizer("train.optimizer.decay=0.1", "train.optimizer.name=adam"),
    [{ name: "adam", decay: 0.1 }],
  );
});

Deno.test("readConfig() inserts a new stage after the one that it follows in the extending file", () => {
  const without = TEXT.replace('    { "stage": "normalize", "method": { "name": "unit" } },\n', "");
  const over = `{ "extends": "b.json", "pipeline": [
    { "stage": "split", "validation": 0.5 },
    { "stage": "normalize", "method": { "name": "unit" } } ] }`;
  const files = reader({ "a.json": over, "b.json": without });
  const { pipeline } = readConfig("a.json", [], { ...rules, readText: files });
  assertEquals(pipeline.map(({ stage }) => stage), [
    "load",
    "split",
    "normalize",
    "train",
    "evaluate",
    "report",
  ]);
  assertEquals(pipeline[1], { stage: "split", validation: 0.5 });
});

Deno.test("readConfig() names the file that contains a mistake", () => {
  const files = reader({
    "a.json": '{ "extends": "b.json",\n "name": "" }',
    "b.json": edited('"epochs": 10', '"epochs": "10"'),
  });
  const { message } = assertThrows(
    () => readConfig("a.json", [], { ...rules, readText: files }),
    ConfigError,
  );
  assertEquals(message.split("\n").slice(1), [
    '  a.json:2: name: expected a string of 1 to 64 characters: received ""',
    "  b.json:16: pipeline[3].epochs (train.epochs): expected a whole number >= 1 and <= 1000000: " +
    'received "10"',
  ]);
});

Deno.test("readConfig() rejects circular extends, endless chains and missing files", () => {
  const chain = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`${i}.json`, `{ "extends": "${i + 1}.json" }`]),
  );
  const files = {
    "a.json": '{\n "extends": "./b.json" }',
    "b.json": '{ "extends": "x/../a.json" }',
    "c.json": '{\n\n"extends": "gone.json" }',
    ...chain,
  };
  const message = (file: string) =>
    assertThrows(() => readConfig(file, [], { ...rules, readText: reader(files) }), ConfigError)
      .message;
  assertStringIncludes(
    message("a.json"),
    'b.json:1: extends: expected a chain of at most 16 files that ends: received "a.json" again',
  );
  assertStringIncludes(message("0.json"), "15.json:1: extends: expected a chain of at most 16");
  assertEquals(
    message("c.json"),
    'Cannot read config "c.json": 1 problem\n' +
      '  c.json:3: extends: expected a file that can be read: received "gone.json": no file gone.json',
  );
  assertEquals(
    message("none.json"),
    'Cannot read config "none.json": 1 problem\n' +
      "  expected a file that can be read: no file none.json",
  );
});

Deno.test("--set accepts both forms of a path, and values as JSON or as text", () => {
  const config = read(
    TEXT,
    "train.epochs=3",
    "pipeline[3].batchSize=7",
    "seed=9",
    "name=a = b",
    "train.layers[0].units=64",
    "description=",
  );
  assertEquals([config.name, config.seed, config.description], ["a = b", 9, ""]);
  const train = config.pipeline[3];
  assert(train?.stage === "train");
  assertEquals([train.epochs, train.batchSize, train.layers[0]], [
    3,
    7,
    { name: "dense", units: 64, bias: true },
  ]);
});

for (
  const [set, ...lines] of [
    ["train.epochs", [
      "--set train.epochs: expected PATH=VALUE, for example train.epochs=3: " +
      'received "train.epochs"',
    ]],
    ["=3", ['--set =3: expected PATH=VALUE, for example train.epochs=3: received "=3"']],
    ["train..epochs=3", [
      "--set train..epochs=3: expected PATH=VALUE, for example " +
      'train.epochs=3: received "train..epochs=3"',
    ]],
    ["trian.epochs=3", [
      '--set trian.epochs=3: expected a path that begins with one of "load", ' +
      '"split", "normalize", "train", "evaluate", "report", "name", "description", "seed", ' +
      '"pipeline", "sweep", "ensemble": received "trian": did you mean "train"?',
    ]],
    ["train.epoch=3", [
      "--set train.epoch=3: pipeline[3].epoch (train.epoch): " +
      'expected no such key: did you mean "epochs"?',
    ]],
    ["train.layers[3].units=3", [
      "--set train.layers[3].units=3: expected a list with an item 3 " +
      "at train.layers: received a list of 3",
    ]],
    ["train.layer[0].units=3", [
      "--set train.layer[0].units=3: expected a list at train.layer: received nothing: " +
      'did you mean "layers"?',
    ]],
    ["seed[0]=3", ["--set seed[0]=3: expected a list with an item 0 at seed: received 42"]],
    ["seed.x=3", ["--set seed.x=3: expected an object at seed: received 42"]],
    ["train.epochs=many", [
      "--set train.epochs=many: pipeline[3].epochs (train.epochs): expected " +
      'a whole number >= 1 and <= 1000000: received "many"',
    ]],
    ['train.optimizer={"name":"sgd","name":"adam"}', [
      '--set train.optimizer={"name":"sgd","name":"adam"}: name: expected each key once: ' +
      'received "name" again, after line 1',
    ]],
    ["train.__proto__.epochs=3", [
      "--set train.__proto__.epochs=3: pipeline[3].__proto__ " +
      '(train.__proto__): expected no such key, but "stage", "layers", "loss", "optimizer", ' +
      '"learningRate", "epochs", "batchSize"',
    ]],
    ["extends=b.json", [
      '--set extends=b.json: expected a path that begins with one of "load", ' +
      '"split", "normalize", "train", "evaluate", "report", "name", "description", "seed", ' +
      '"pipeline", "sweep", "ensemble": received "extends"',
    ]],
  ] as const
) {
  Deno.test(`--set ${set} is rejected`, () => assertEquals(refusal(TEXT, set), lines[0]));
}

Deno.test("--set rejects a path that is deeper than any config", () => {
  const lines = refusal(TEXT, `train${".x".repeat(50_000)}=1`);
  assertEquals(lines.length, 1);
  assertStringIncludes(lines[0] ?? "", "expected PATH=VALUE");
});

Deno.test("readConfig() never changes Object.prototype", () => {
  refusal(`{ "__proto__": { "polluted": 1 }, "constructor": { "prototype": { "polluted": 1 } } }`);
  refusal(TEXT, "train.constructor.prototype.polluted=1");
  assertEquals("polluted" in {}, false);
});

Deno.test("parseConfig() returns what readConfig() returns, and accepts it again", () => {
  const config = read(TEXT);
  assertEquals(parseConfig(config, rules), config);
});

Deno.test("parseConfig() rejects values that JSON cannot represent, and extends", () => {
  for (const epochs of [NaN, Infinity, 3n, () => 3]) {
    assertThrows(
      () => parseConfig({ epochs }, rules),
      ConfigError,
      "epochs: expected a value of JSON",
    );
  }
  assertThrows(() => parseConfig({ extends: "b.json" }, rules), ConfigError, "no extends");
  assertThrows(() => parseConfig(undefined, rules), ConfigError, "Cannot read config: 1 problem");
  assertThrows(
    () => parseConfig({ name: "x", seed: "1", pipeline: [] }, rules),
    ConfigError,
    "\n  seed: expected a whole number",
  );
});

/** Any text at all, and texts that are nearly right. */
const texts = fc.oneof(
  anyText(),
  fc.json(),
  fc.tuple(fc.nat(TEXT.length), fc.nat(20), anyText({ maxLength: 5 }))
    .map(([start, length, text]) => TEXT.slice(0, start) + text + TEXT.slice(start + length)),
);

Deno.test("readConfig() returns a config or an error with a line, for any text", () => {
  fc.assert(
    fc.property(texts, (text) => {
      try {
        assertEquals(read(text).pipeline.length > 0, true);
      } catch (error) {
        assert(error instanceof ConfigError, String(error));
        assert(/\n {2}a\.json:\d+(:\d+)?: /.test(error.message), error.message);
        assert(error.problems.every(({ location }) => (location?.line ?? 0) >= 1));
      }
    }),
    { seed: 7, numRuns: 500 },
  );
});

Deno.test("readConfig() returns a config or an error, for any --set", () => {
  const step = fc.constantFrom("train", "layers", "[0]", "[9]", "pipeline", "[3]", "units", "name");
  const set = fc.oneof(
    fc.string(),
    fc.tuple(fc.array(step, { minLength: 1 }), fc.oneof(fc.json(), fc.string())).map(
      ([steps, value]) => `${steps.join(".").replaceAll(".[", "[")}=${value}`,
    ),
  );
  fc.assert(
    fc.property(set, (text) => {
      try {
        read(TEXT, text);
      } catch (error) {
        assert(error instanceof ConfigError, String(error));
        assertStringIncludes(error.message, "\n  ");
      }
    }),
    { seed: 7, numRuns: 500 },
  );
});
