import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../lib/config/messages/problem.ts";
import { combinations, formatSetting, readGrid } from "../../lib/config/grid.ts";
import { findSweepAndEnsembleProblems } from "../../lib/config/checks.ts";
import { rules, TEXT } from "./example.ts";

/** The example with a grid. */
const withGrid = (grid: unknown, name = "sweep") =>
  TEXT.replace('"seed": 42', `"${name}": ${JSON.stringify(grid)}, "seed": 42`);

const read = (text: string, ...overrides: readonly string[]) =>
  readGrid("a.json", overrides, "sweep", {
    stages: rules.stages,
    checks: [...rules.checks, findSweepAndEnsembleProblems],
    readText: () => text,
  });

/** The lines of the message with which the text is refused. */
const refusal = (text: string, ...overrides: readonly string[]) =>
  assertThrows(() => read(text, ...overrides), ConfigError).message.split("\n");

Deno.test("combinations() returns every combination, with the last key's values changing fastest", () => {
  const texts = combinations({ "a.b": ["x", { y: 1 }], seed: [1, 2] })
    .map((settings) => settings.map(formatSetting).join(" "));
  assertEquals(texts, [
    'a.b="x" seed=1',
    'a.b="x" seed=2',
    'a.b={"y":1} seed=1',
    'a.b={"y":1} seed=2',
  ]);
});

Deno.test("readGrid() returns a validated config for each combination, without the grid", () => {
  const grid = { "train.optimizer.name": ["sgd", "adam"], seed: [1, 2] };
  const { config, keys, runs } = read(withGrid(grid), "train.epochs=3");
  assertEquals(config.sweep, grid);
  assertEquals(keys, ["train.optimizer.name", "seed"]);
  const found = runs.map(({ config }) => {
    const train = config.pipeline.find(({ stage }) => stage === "train");
    return [train?.stage === "train" ? [train.optimizer.name, train.epochs] : [], config.seed];
  });
  assertEquals(found, [[["sgd", 3], 1], [["sgd", 3], 2], [["adam", 3], 1], [["adam", 3], 2]]);
  assertEquals(runs.map(({ config }) => config.sweep), Array(4).fill(undefined));
});

Deno.test("readGrid() sets a key with a single value, and does not name combinations by it", () => {
  const { keys, runs } = read(withGrid({ "train.epochs": [3], seed: [1, 2] }));
  assertEquals(keys, ["seed"]);
  assertEquals(runs.map(({ settings }) => settings), [
    [{ key: "seed", value: 1 }],
    [{ key: "seed", value: 2 }],
  ]);
  for (const { config } of runs) {
    const train = config.pipeline.find(({ stage }) => stage === "train");
    assertEquals(train?.stage === "train" && train.epochs, 3);
  }
  assertEquals(read(withGrid({ seed: [1] })).keys, ["seed"]);
});

Deno.test("readGrid() reports each mistake once, with its combination", () => {
  const grid = { "train.optimizer.name": ["sgd", "adm"], "train.epohs": [1], seed: [1, -2] };
  const adm = 'train.optimizer.name="adm" train.epohs=1';
  assertEquals(refusal(withGrid(grid)), [
    'Cannot read config "a.json": 3 problems',
    '  with train.optimizer.name="sgd" train.epohs=1 seed=1, and 3 more: pipeline[3].epohs ' +
    '(train.epohs): expected no such key: did you mean "epochs"?',
    '  with train.optimizer.name="sgd" train.epohs=1 seed=-2, and 1 more: seed: ' +
    "expected a whole number >= 0 and <= 9007199254740991: received -2",
    `  with ${adm} seed=1, and 1 more: pipeline[3].optimizer.name (train.optimizer.name): ` +
    'expected one of "sgd", "momentum", "adam": received "adm": did you mean "adam"?',
  ]);
});

Deno.test("readGrid() rejects paths that do not exist, and values that are not grids", () => {
  assertEquals(refusal(withGrid({ "trian.epochs": [1] })).slice(1), [
    '  with trian.epochs=1: expected a path that begins with one of "load", "split", "normalize", ' +
    '"train", "evaluate", "report", "name", "description", "seed", "pipeline", "sweep", ' +
    '"ensemble": received "trian": did you mean "train"?',
  ]);
  assertEquals(refusal(withGrid({ seed: [] })).slice(1), [
    "  a.json:5: sweep.seed: expected a list of at least 1 items: received an empty list",
  ]);
  assertEquals(refusal(withGrid({})).slice(1), [
    '  a.json:5: sweep: expected an object with a list of values for each path, like "seed": ' +
    "[1, 2, 3]: received an empty object",
  ]);
  assertEquals(refusal(TEXT).slice(1), [
    '  expected a key "sweep" that says what varies, for example "sweep": { "seed": [1, 2, 3] }: ' +
    "received none",
  ]);
  const both = withGrid({ seed: [1] }).replace(
    '"seed": 42',
    '"seed": 42, "ensemble": {"seed": [2]}',
  );
  assertEquals(refusal(both).slice(1), [
    '  a.json:5: ensemble: expected "sweep" or "ensemble": received both',
  ]);
  const many = Array.from({ length: 101 }, (_, index) => index);
  assertEquals(refusal(withGrid({ seed: many, "train.epochs": many })).slice(1), [
    "  expected at most 10000 combinations: received 10201",
  ]);
});

Deno.test("readGrid() rejects overrides of the keys that vary", () => {
  assertEquals(refusal(withGrid({ seed: [1, 2] }), "seed=3").slice(1), [
    "  --set seed=3: expected a key that is not in the grid",
  ]);
});
