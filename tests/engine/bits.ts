/**
 * Computes expressions with compiled programs, and compares the bits with those of the reference.
 *
 * @module
 */

import { openSharedMachine, type Order } from "./workers/simulated_workers.ts";
import { assertEquals } from "@std/assert";
import { compile, type CompilerInput } from "../../lib/engine/compiler/compile.ts";
import { type LocalMachine, openLocalMachine } from "../../lib/engine/workers/machine.ts";
import type { Plan, Spaces } from "../../lib/engine/backend.ts";
import { convertLayout, type Program } from "../../lib/engine/program/program.ts";
import { type Bindings, type Elements, evaluate } from "../../lib/engine/reference/reference.ts";
import type { Outputs } from "../../lib/tensor/rewrite.ts";
import { storeFeatures } from "../../lib/engine/program/sources.ts";
import { type Tensor, topologicalOrder } from "../../lib/tensor/mod.ts";

/** Elements by name. */
export type Computed = Readonly<Record<string, Elements>>;

/** The bits of elements; every NaN has the same, since machines differ in them. */
export function bitsOf(elements: ArrayLike<number>): Int32Array {
  if (elements instanceof Int32Array) return elements;
  const single = new Float32Array(elements);
  for (let i = 0; i < single.length; i++) if (Number.isNaN(single[i])) single[i] = NaN;
  return new Int32Array(single.buffer);
}

/** Asserts that elements have the same bits; says where the first difference is. */
export function assertSameBits(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  name: string,
): void {
  const [a, b] = [bitsOf(actual), bitsOf(expected)];
  const at = a.findIndex((bits, index) => bits !== b[index]);
  assertEquals(
    { length: a.length, at, value: show(actual[at]) },
    { length: b.length, at: -1, value: show(at < 0 ? undefined : expected[at]) },
    name,
  );
}

function show(value: number | undefined): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** The tensors of a kind that expressions rest on. */
function leaves(outputs: Outputs, kind: "input" | "source"): readonly Tensor[] {
  return topologicalOrder(Object.values(outputs)).filter(({ operation }) =>
    operation.kind === kind
  );
}

/** The data sets that expressions read, as a machine takes them. */
export function storedSources(
  outputs: Outputs,
  { sources = {} }: Bindings,
): Plan["sources"] {
  return Object.fromEntries(
    leaves(outputs, "source").flatMap(({ operation, shape: [features = 0] }) => {
      if (operation.kind !== "source") return [];
      const { values = [], scale = 1 } = sources[operation.name] ?? {};
      const array = operation.encoding === "dense32"
        ? Float32Array.from(values)
        : Uint8Array.from(values);
      const scales = typeof scale === "number" ? scale : Float32Array.from(scale);
      return [[operation.name, storeFeatures(array, features, scales, operation.encoding)]];
    }),
  );
}

/** Writes the inputs of expressions to a machine, in the layouts that its programs want. */
export function bindInputs(machine: Spaces, outputs: Outputs, { inputs = {} }: Bindings): void {
  for (const { operation, type } of leaves(outputs, "input")) {
    if (operation.kind !== "input") continue;
    const values = inputs[operation.name] ?? [];
    const space = `in:${operation.name}`;
    if (type === "integer") machine.integers(space).set(values);
    else {
      const regions = machine.layouts[operation.name] ?? [];
      machine.floats(space).set(convertLayout(Float32Array.from(values), regions, "panels"));
    }
  }
}

/** Returns the results that a program left in a machine: outputs, and successors of the state in rows. */
export function readResults(
  machine: Spaces,
  { outputs = {}, state = {} }: CompilerInput,
): Computed {
  const read = (space: string, { type }: Tensor) =>
    type === "integer"
      ? new Int32Array(machine.integers(space))
      : new Float32Array(machine.floats(space));
  return Object.fromEntries([
    ...Object.entries(outputs).map(([name, tensor]) => [
      `out:${name}`,
      read(`out:${name}`, tensor),
    ]),
    ...Object.entries(state).map(([name, tensor]) => {
      const elements = read(`in:${name}`, tensor);
      const regions = machine.layouts[name] ?? [];
      const inRows = elements instanceof Float32Array && regions.length > 0
        ? convertLayout(elements, regions, "rows")
        : elements;
      return [`in:${name}`, inRows];
    }),
  ]);
}

/** Outputs and successors under the names of their spaces. */
export function tagged({ outputs = {}, state = {} }: CompilerInput): Outputs {
  return Object.fromEntries([
    ...Object.entries(outputs).map(([name, tensor]) => [`out:${name}`, tensor]),
    ...Object.entries(state).map(([name, tensor]) => [`in:${name}`, tensor]),
  ]);
}

/** A machine with one program, "main", that has its inputs. */
function machineFor(source: CompilerInput, bindings: Bindings, program: Program): LocalMachine {
  const all = tagged(source);
  const machine = openLocalMachine({
    programs: { main: program },
    sources: storedSources(all, bindings),
    perStep: [],
    steps: 1,
  });
  bindInputs(machine, all, bindings);
  return machine;
}

/** Compiles expressions and computes them once. */
export function computed(
  source: CompilerInput,
  bindings: Bindings = {},
  program: Program = compile(source),
): Computed {
  const machine = machineFor(source, bindings, program);
  machine.run("main");
  return readResults(machine, source);
}

/** Computes expressions with the reference, in single precision. */
export function expected(source: CompilerInput, bindings: Bindings = {}): Computed {
  const all = tagged(source);
  const values = evaluate(Object.values(all), bindings, "f32");
  return Object.fromEntries(
    Object.keys(all).map((name, index) => [name, values[index]]),
  );
}

/** Numbers of workers, and orders in which they come, that make every missing barrier show. */
const WORKERS: readonly (readonly [number, Order])[] = [
  [2, "forwards"],
  [2, "backwards"],
  [3, "backwards"],
  [5, "forwards"],
];

/** The program alone, and shared out to several workers. */
function machinesFor(
  source: CompilerInput,
  bindings: Bindings,
  program: Program,
): readonly LocalMachine[] {
  const all = tagged(source);
  const shared = WORKERS.map(([workers, order]) => {
    const machine = openSharedMachine({
      programs: { main: program },
      sources: storedSources(all, bindings),
      perStep: [],
      steps: 1,
      workers,
    }, order);
    bindInputs(machine, all, bindings);
    return machine;
  });
  return [machineFor(source, bindings, program), ...shared];
}

/** Asserts that a program computes the same bits alone and shared out to several workers; gives them. */
export function assertSameForAll(
  source: CompilerInput,
  bindings: Bindings,
  program: Program,
): Computed {
  const [alone, ...shared] = machinesFor(source, bindings, program).map((machine) => {
    machine.run("main");
    return readResults(machine, source);
  });
  for (const results of shared) {
    for (const [name, values] of Object.entries(alone ?? {})) {
      assertSameBits(results[name] ?? [], values, name);
    }
  }
  return alone ?? {};
}

/**
 * Asserts that the compiled program computes the bits that the reference does, alone and shared out to
 * several workers.
 */
export function assertAgrees(source: CompilerInput, bindings: Bindings = {}): Program {
  return assertAgreesFor(1, source, bindings);
}

/** The same for some steps, each of which goes on from the state that the one before has left. */
export function assertAgreesFor(
  steps: number,
  source: CompilerInput,
  bindings: Bindings = {},
): Program {
  const program = compile(source);
  const machines = machinesFor(source, bindings, program);
  let { inputs = {} } = bindings;
  for (let step = 0; step < steps; step++) {
    const reference = expected(source, { ...bindings, inputs });
    for (const machine of machines) {
      machine.run("main");
      const actual = readResults(machine, source);
      for (const [name, values] of Object.entries(reference)) {
        assertSameBits(actual[name] ?? [], values, `${name} after ${step + 1} steps`);
      }
    }
    const after = Object.keys(source.state ?? {}).map((name) => [name, reference[`in:${name}`]]);
    inputs = { ...inputs, ...Object.fromEntries(after) };
  }
  return program;
}
