import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { compile, type CompilerInput } from "../../../lib/engine/compiler/compile.ts";
import { openLocalMachine } from "../../../lib/engine/workers/machine.ts";
import type { Program } from "../../../lib/engine/program/program.ts";
import { dense, network, relu, softmaxCrossEntropy } from "../../../lib/nn/mod.ts";
import {
  add,
  addInteger,
  broadcastColumn,
  broadcastRow,
  concatenate,
  constant,
  div,
  exp,
  fill,
  gatherRows,
  input,
  log,
  matmul,
  mul,
  neg,
  reshape,
  rowIndex,
  slice,
  source,
  sqrt,
  sub,
  sum,
  type Tensor,
  toInteger,
  transpose,
} from "../../../lib/tensor/mod.ts";
import { adam, trainingStep, updateGroups } from "../../../lib/train/mod.ts";
import { normalValues } from "../../numbers.ts";
import { assertAgrees, bindInputs } from "../bits.ts";

const a = input("a", [6]);
const b = input("b", [6]);
const s = input("s", []);
const m = input("m", [3, 3]);
const INPUTS = {
  a: normalValues("a", [6]),
  b: normalValues("b", [6]),
  s: [0.7],
  m: normalValues("m", [3, 3]),
  i: [1, 2, 3, 4, 5, 6],
};

const kernelsOf = ({ calls }: Program) => calls.map(({ kernel }) => kernel);
const copiesOf = (program: Program) =>
  kernelsOf(program).filter((kernel) => kernel === "copyBytes");

/** States and outputs that stand in each other's way, and how many copies that costs. */
const HAZARDS: Readonly<Record<string, CompilerInput & { readonly copies: number }>> = {
  "replaced element by element": { state: { a: add(mul(a, 2), b) }, copies: 0 },
  "unchanged": { state: { a }, outputs: { y: add(a, 1) }, copies: 0 },
  "replaced by another's old value": { state: { a: b, b: add(b, 1) }, copies: 1 },
  "replaced by another's old value, the other first": { state: { b: add(b, 1), a: b }, copies: 1 },
  "exchanged": { state: { a: b, b: a }, copies: 3 },
  "each other's functions": { state: { a: add(b, 1), b: mul(a, 2) }, copies: 1 },
  "each other's functions, the other way round": {
    state: { b: mul(a, 2), a: add(b, 1) },
    copies: 1,
  },
  "read by an output after the update": {
    outputs: { y: sum(reshape(mul(a, b), [2, 3]), "rows") },
    state: { a: add(a, 1), b: add(b, a) },
    copies: 1,
  },
  "an output as well": { outputs: { old: a, next: add(a, b) }, state: { a: add(a, b) }, copies: 2 },
  "old value read with its rows repeated": {
    state: { a: reshape(add(broadcastRow(slice(a, 0, [3]), 2), reshape(a, [2, 3])), [6]) },
    copies: 1,
  },
  "old value read with its columns repeated": {
    state: { m: mul(m, broadcastColumn(slice(reshape(m, [9]), 0, [3]), 3)) },
    copies: 1,
  },
  "read and written at different places": {
    state: { a: concatenate([slice(a, 3, [3]), slice(a, 0, [3])]) },
    copies: 3,
  },
  "shifted and changed": {
    state: { a: concatenate([mul(slice(a, 3, [3]), 2), mul(slice(a, 0, [3]), 3)]) },
    copies: 1,
  },
  "moved by one element and changed": {
    state: { a: concatenate([slice(b, 0, [1]), mul(slice(a, 0, [5]), 2)]) },
    copies: 2,
  },
  "made of parts that stay where they are": {
    state: { a: concatenate([mul(slice(a, 0, [3]), 2), mul(slice(a, 3, [3]), 3)]) },
    copies: 0,
  },
  "a view of a larger value": {
    outputs: { y: exp(b) },
    state: { s: slice(exp(b), 2, []) },
    copies: 1,
  },
  "a matrix times itself": { state: { m: matmul(m, m) }, copies: 1 },
  "its transpose": { state: { m: transpose(m) }, copies: 1 },
  "a product that nothing else reads": {
    state: { m: matmul(input("n", [3, 3]), transpose(input("n", [3, 3]))) },
    copies: 0,
  },
  "the same new value as another state and an output": {
    outputs: { y: mul(b, 3) },
    state: { a: mul(b, 3), b: mul(b, 3) },
    copies: 2,
  },
  "a constant, the filled and the repeated": {
    outputs: {
      one: constant(1.5),
      many: fill(2, [4]),
      rows: broadcastRow(a, 2),
      i: rowIndex([3, 2]),
    },
    state: { a: fill(0, [6]), s: constant(-0) },
    copies: 0,
  },
  "an input, a view and a concatenation of inputs": {
    outputs: { a, part: slice(a, 1, [2]), all: concatenate([a, b, s]) },
    copies: 5,
  },
  "the same twice": {
    outputs: { x: exp(a), y: exp(a), z: concatenate([exp(a), exp(a)]) },
    copies: 3,
  },
  "a concatenation within another": {
    outputs: { y: concatenate([concatenate([exp(a), exp(b)]), concatenate([neg(a), b])]) },
    copies: 1,
  },
  "single numbers and integers": {
    outputs: { count: toInteger(mul(s, 10)), i: addInteger(input("i", [6], "integer"), 1) },
    state: { s: mul(s, s), i: addInteger(input("i", [6], "integer"), 2) },
    copies: 0,
  },
  "a slice of a slice": {
    outputs: { y: slice(reshape(slice(a, 1, [4]), [4]), 1, [2]) },
    state: { a: add(a, 1) },
    copies: 1,
  },
};

for (const [name, { copies, ...source }] of Object.entries(HAZARDS)) {
  Deno.test(`compile() keeps the order of reads and writes: ${name}`, () => {
    const inputs = { ...INPUTS, n: normalValues("n", [3, 3]) };
    const program = assertAgrees(source, { inputs });
    assertEquals(copiesOf(program).length, copies);
  });
}

Deno.test("compile() accepts an expression that is thousands of operations deep", () => {
  const deep = (next: (x: Tensor, step: number) => Tensor, x: Tensor) => {
    for (let step = 0; step < 2000; step++) x = next(x, step);
    return { outputs: { y: x } };
  };
  assertAgrees(deep((x) => mul(matmul(x, m), 0.5), m), { inputs: INPUTS });
  assertAgrees(deep((x, step) => add(mul(x, 1 - step / 2000), b), a), { inputs: INPUTS });
  assertAgrees(deep((x, step) => reshape(x, step % 2 === 0 ? [2, 3] : [6]), a), { inputs: INPUTS });
});

Deno.test("compile() computes equal nodes once", () => {
  const twice = () => exp(matmul(m, transpose(m)));
  const once = twice();
  const source = (x: Tensor, y: Tensor) => ({ outputs: { y: sub(x, sumOf(y)) } });
  const sumOf = (x: Tensor) => broadcastRow(sum(x, "rows"), 3);
  assertEquals(compile(source(twice(), twice())), compile(source(once, once)));
  const labels = compile(source(twice(), twice())).labels;
  assertEquals(labels.filter((label) => label.startsWith("matmul")).length, 1);
});

Deno.test("compile() rejects inputs of equal name and different shapes, and successors of another shape", () => {
  assertThrows(
    () => compile({ outputs: { y: a, z: exp(input("a", [7])) } }),
    TypeError,
    'Cannot compile input "a": expected float [6]: received float [7]',
  );
  assertThrows(
    () => compile({ state: { a: slice(a, 0, [5]) } }),
    TypeError,
    'Cannot compile the new value of state "a": expected float [6]: received float [5]',
  );
  assertThrows(
    () => compile({ state: { a: toInteger(a) } }),
    TypeError,
    "expected float [6]: received integer [6]",
  );
});

/** A network of 784 inputs and layers of so many units, on sparse rows. */
function training(units: readonly number[], batch = 64) {
  const layers = units.flatMap((units, index) => [
    ...(index === 0 ? [] : [relu()]),
    dense({ units, initializer: { name: "heNormal" } }),
  ]);
  const net = network(layers, 784);
  return trainingStep({
    network: net,
    loss: softmaxCrossEntropy(),
    groups: updateGroups(net, { optimizer: adam() }),
    batch,
    seed: 1,
    source: source("features", 784, "sparse8"),
    normalization: { name: "unit", shift: 0, scale: 1 / 255 },
  });
}

Deno.test("compile() compiles a training step to the calls that it needs", () => {
  const { outputs, state, origins } = training([64, 32, 10]);
  const program = compile({ outputs, state, origins });
  const count = (kernel: string) => kernelsOf(program).filter((name) => name === kernel).length;
  // Forward and dW; for each other layer its dx as well
  assertEquals(count("sparseProduct"), 2);
  assertEquals(count("matmul"), 6);
  assertEquals(count("compressRows"), 1);
  assertEquals(count("compressColumns"), 1);
  // No dx of the images; transposes are read where they stand; no copy of state or gradients
  const moves = ["transpose", "copyBytes", "copyRows", "expandRows"];
  assertEquals(moves.map(count), [0, 0, 0, 0]);
  // Parameters and both slots are updated by one loop: what lies in panels by their rows, then the rest
  const updates = program.calls.filter(({ writes }) =>
    writes.some(({ region }) => region.space === "in:all.parameters")
  );
  const rest = 64 + 64 * 32 + 32 + 32 * 10 + 10;
  assertEquals(updates.map(({ rows }) => rows), [2 * 784, rest]);
  assertEquals(new Set(updates.map(({ kernel }) => kernel)).size, 1);
  for (const { writes } of updates) {
    assertEquals(
      new Set(writes.map(({ region }) => region.space)),
      new Set(["in:all.parameters", "in:all.first", "in:all.second"]),
    );
  }
});

Deno.test("labels name the layer and the operation of each call", () => {
  const { outputs, state, origins } = training([64, 10]);
  const { calls, labels } = compile({ outputs, state, origins });
  assertEquals(labels.length, calls.length);
  assertEquals(labels.slice(0, 3), [
    "input of the network: copy rows: copyDatasetRows",
    "input of the network: compress rows: compressRows",
    "forward of layer 1 (dense1): matmul: sparseProduct",
  ]);
  assert(labels.includes("backward of layer 1 (dense1): sum over rows: sumRows"));
  assert(labels.includes("forward of layer 2 (relu1): add, max: loop0"));
  assert(
    labels.every((label) =>
      /^(input of the network|forward of|backward of|loss|norm of|update of)/.test(label)
    ),
  );
});

Deno.test("compile() takes milliseconds for a network of six layers", () => {
  const { outputs, state, origins } = training([2500, 2000, 1500, 1000, 500, 10]);
  const times = Array.from({ length: 3 }, () => {
    const start = performance.now();
    compile({ outputs, state, origins });
    return performance.now() - start;
  });
  // About 20 ms, 50 the first time; twenty times that is a program that has become quadratic
  assertLess(Math.min(...times), 400);
});

/** Runs a checking program; the label of the first result that is not finite. */
function firstBad(source: CompilerInput, inputs: Readonly<Record<string, readonly number[]>>) {
  const program = compile({ ...source, check: true });
  const machine = openLocalMachine({
    programs: { main: program },
    sources: {},
    perStep: [],
    steps: 1,
  });
  bindInputs(machine, { ...source.outputs, ...source.state }, { inputs });
  machine.run("main");
  return program.labels[machine.integers("out:firstBad")[0] - 1];
}

Deno.test("a checking program names the first operation whose result is not finite", () => {
  const product = matmul(m, m);
  const root = sqrt(sub(sum(product, "columns"), 1e6)); // NaN
  const late = div(root, 0);
  const origins = new Map([[product, "one"], [root, "two"], [late, "three"]]);
  const outputs = { late: sum(broadcastColumn(late, 2), "columns"), product };
  const finite = new Array(9).fill(0.5);
  assertEquals(firstBad({ outputs, origins }, { m: finite }), "three: sub, sqrt, div");
  assertEquals(firstBad({ outputs: { product }, origins }, { m: finite }), undefined);
  assertEquals(firstBad({ outputs, origins }, { m: [...finite.slice(1), 1e38] }), "one: matmul");
  assertEquals(firstBad({ outputs, origins }, { m: [...finite.slice(1), NaN] }), "one: matmul");
});

Deno.test("a checking program checks every element, replaced states too, and never integers", () => {
  const source = { state: { a: log(a) } };
  assertEquals(firstBad(source, { a: [1, 2, 3, 4, 5, 6] }), undefined);
  const label = firstBad(source, { a: [1, 2, 3, 4, 5, -6] }) ?? "";
  assertEquals(label, "less, and, mul, selectFloat, bitsOf, or, …");
  const integers = { outputs: { y: toInteger(mul(a, Infinity)) } };
  assertEquals(firstBad(integers, { a: INPUTS.a }), undefined);
});

Deno.test("a checking program computes the same bits", () => {
  const { state, outputs } = HAZARDS["shifted and changed"] as CompilerInput;
  assertAgrees({ check: true, ...(state && { state }), ...(outputs && { outputs }) }, {
    inputs: INPUTS,
  });
});

Deno.test("only the scales of data sets have spaces, and their sizes are left open", () => {
  const rows = input("rows", [2], "integer");
  const outputs = {
    y: exp(gatherRows(source("x", 5, "sparse8"), rows)),
    z: gatherRows(source("z", 5, "dense8"), rows),
  };
  const { spaces } = compile({ outputs });
  const { scratch = 0, ...others } = spaces;
  assert(scratch > 0);
  assertEquals(others, {
    "in:rows": 8,
    "own": 320,
    "out:y": 40,
    "out:z": 40,
    "source:x.scale": 0,
    "source:z.scale": 0,
  });
});
