/**
 * The compiler, which translates expressions to a program.
 *
 *     rewrite → group elementwise operations → plan layouts → lower to units → elide copies
 *             → plan memory → calls
 *
 * The new value of a state overwrites the old one in place if nothing reads the old one later; otherwise
 * it is copied there at the end.
 *
 * @module
 */

import {
  formatShape,
  input,
  sameShape,
  sizeOf,
  type Tensor,
  topologicalOrder,
} from "../../tensor/mod.ts";
import { elideCopies } from "./elide.ts";
import { MATMUL_WORK } from "./form.ts";
import { groupElementwise, groupToLoop } from "./group.ts";
import { type LayoutPlan, planLayouts } from "./layout.ts";
import { lowerExpression } from "./lower.ts";
import { planScratchMemory } from "./scratch_memory.ts";
import {
  type Call,
  KERNEL_SCRATCH,
  type Layouts,
  type Program,
  type Region,
  WORKER_LOCAL,
} from "../program/program.ts";
import { canonicalize } from "./canonical.ts";
import { type Origins, type Outputs, skipZeros } from "../../tensor/rewrite.ts";
import { type Buffer, type Reference, resolveReferences, type Unit } from "./unit.ts";

/** Expressions to compile, and options. */
export interface CompilerInput {
  /** Outputs by name. Each is written to the space "out:NAME", in row-major order. */
  readonly outputs?: Outputs;
  /**
   * New values of inputs, by the inputs' names. When the program ends, each has replaced its input in
   * "in:NAME".
   */
  readonly state?: Outputs;
  /** Origins of tensors, for labels. Defaults to none. */
  readonly origins?: Origins;
  /**
   * Layouts of inputs that another program has planned, with which this one shares them. Defaults to none:
   * this program plans them all.
   */
  readonly layouts?: Layouts;
  /** Whether weight matrices that multiply dense rows lie in panels. Defaults to true. */
  readonly densePanels?: boolean;
  /**
   * Whether to check each result. The first unit with a result that is not finite writes a number to the
   * space "out:firstBad", an integer that is 0 otherwise: the position of the unit's last label in the
   * program's `labels`, counted from 1. Defaults to false.
   */
  readonly check?: boolean;
}

/**
 * Compiles outputs and new values of states to one program.
 *
 * @throws {TypeError} if inputs of one name, or a state and its new value, have different shapes or types; or
 *   if no kernel implements an operation
 */
export function compile(
  { outputs = {}, state = {}, origins, layouts = {}, densePanels = true, check = false }:
    CompilerInput,
): Program {
  const form = canonicalizeResults(outputs, state, origins);
  const results = [...Object.values(form.outputs), ...Object.values(form.state)];
  const inputs = collectInputs(results, form.state);
  const successors = Object.entries(form.state).map(([name, successor]) =>
    [inputs.get(name) as Tensor, successor] as const
  );
  const needed = new Set(results);
  const layout = planLayouts({ outputs: results, successors, inputLayouts: layouts, densePanels });
  const groups = groupElementwise(results, (tensor) => needed.has(tensor));
  const { units, loops } = lowerExpression({ ...form, groups, layout });
  const elided = elideCopies(units);
  const { region, bytes } = assignScratchRegions(elided.units, elided.resolve);
  const { calls, labels } = resolveCalls(elided.units, region, check);
  return {
    calls,
    labels,
    loops: loops.map(groupToLoop),
    spaces: {
      ...spaceSizes(inputs, form.outputs, calls),
      ...(check ? { [FIRST_BAD]: 4 } : {}),
      ...bytes,
    },
    layouts: layoutsOfInputs(inputs, layout),
  };
}

/** Rewrites outputs and new values of states to canonical form, as parts of one expression. */
function canonicalizeResults(outputs: Outputs, state: Outputs, origins?: Origins) {
  const stated = skipZeros(
    { ...prefixNames("out:", outputs), ...prefixNames("in:", state) },
    origins,
  );
  const form = canonicalize(stated.outputs, stated.origins);
  const part = (prefix: string, names: Outputs): Outputs =>
    Object.fromEntries(Object.keys(names).map((name) => [name, form.outputs[prefix + name]]));
  return { outputs: part("out:", outputs), state: part("in:", state), origins: form.origins };
}

/** Returns the tensors under their names with a prefix. */
function prefixNames(prefix: string, results: Outputs): Outputs {
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [prefix + name, tensor]),
  );
}

/**
 * Returns the inputs by name. They include states that no operation reads, but that have a new value.
 *
 * @throws {TypeError} if inputs of one name, or a state and its new value, have different shapes or types
 */
function collectInputs(results: readonly Tensor[], state: Outputs): ReadonlyMap<string, Tensor> {
  const inputs = new Map<string, Tensor>();
  const expectSame = (name: string, what: string, { shape, type }: Tensor) => {
    const known = inputs.get(name);
    if (known === undefined || (sameShape(known.shape, shape) && known.type === type)) return;
    throw new TypeError(
      `Cannot compile ${what} "${name}": expected ${known.type} ${formatShape(known.shape)}: ` +
        `received ${type} ${formatShape(shape)}`,
    );
  };
  for (const tensor of topologicalOrder(results)) {
    if (tensor.operation.kind !== "input") continue;
    expectSame(tensor.operation.name, "input", tensor);
    inputs.set(tensor.operation.name, tensor);
  }
  for (const [name, successor] of Object.entries(state)) {
    expectSame(name, "the new value of state", successor);
    if (!inputs.has(name)) inputs.set(name, input(name, successor.shape, successor.type));
  }
  return inputs;
}

/**
 * Largest number of bytes of a value whose scratch memory is never reused. Reuse makes workers wait until all
 * have read the value; the saved memory is worth it only for larger values.
 */
const SMALL = 65_536;

/**
 * Plans the scratch memory of units: the part that workers share, and the part of which each worker has a
 * copy. Values share bytes if their lifetimes do not overlap. Returns a function from references to regions,
 * and the size of each of the two spaces in bytes, by name.
 */
function assignScratchRegions(
  units: readonly Unit[],
  resolve: (reference: Reference) => Reference,
) {
  const lifetimes = new Map<Buffer, { first: number; last: number }>();
  units.forEach(({ reads, writes }, index) => {
    for (const reference of [...writes, ...reads]) {
      const { buffer } = resolve(reference);
      if (buffer.space !== undefined) continue;
      const known = lifetimes.get(buffer);
      if (known === undefined) lifetimes.set(buffer, { first: index, last: index });
      else known.last = index;
    }
  });
  const always = { first: 0, last: units.length };
  const planned = (isOwn: boolean) => {
    const chosen = [...lifetimes].filter(([{ isPrivate = false }]) => isPrivate === isOwn);
    const plan = planScratchMemory(
      chosen.map(([{ bytes }, life]) => ({ bytes, ...(bytes <= SMALL ? always : life) })),
    );
    const offsets = chosen.map(([buffer], index) => [buffer, plan.offsets[index]] as const);
    return { bytes: plan.bytes, offsets };
  };
  const [shared, own] = [planned(false), planned(true)];
  const offsets = new Map([...shared.offsets, ...own.offsets]);
  const region = (reference: Reference): Region => {
    const { buffer, offset } = resolve(reference);
    if (buffer.space !== undefined) return { space: buffer.space, offset };
    const space = buffer.isPrivate === true ? WORKER_LOCAL : "scratch";
    return { space, offset: (offsets.get(buffer) as number) + offset };
  };
  return { region, bytes: { scratch: shared.bytes, [WORKER_LOCAL]: own.bytes } };
}

/**
 * Output space of programs that check their results: the position in `labels`, counted from 1, of the last
 * label of the first unit with a result that was not finite; 0 if all were.
 */
const FIRST_BAD = "out:firstBad";

/**
 * Returns the calls of units, with references resolved to regions, and the label of each call. With `check`,
 * calls after those of a unit check its results.
 */
function resolveCalls(
  units: readonly Unit[],
  region: (reference: Reference) => Region,
  check: boolean,
) {
  const calls: Call[] = [];
  const labels: string[] = [];
  const add = (call: Call, label: string) => {
    calls.push(call);
    labels.push(label);
  };
  const flag: Region = { space: FIRST_BAD, offset: 0 };
  for (const { label, results = [], calls: unplaced } of units) {
    for (const call of unplaced) {
      add(resolveReferences(call, region), check ? label : `${label}: ${call.kernel}`);
    }
    const number = labels.length;
    for (const reference of check ? results : []) {
      add({
        kernel: "checkFinite",
        arguments: [region(reference), reference.bytes / 4, flag, number],
        reads: [{ region: region(reference), bytes: reference.bytes }],
        writes: [{ region: flag, bytes: 4 }],
      }, label);
    }
  }
  return { calls, labels };
}

/**
 * Returns the size in bytes of each space of a program. The size is 0 for the scales of data sets, which
 * the program does not know.
 */
function spaceSizes(
  inputs: ReadonlyMap<string, Tensor>,
  outputs: Outputs,
  calls: readonly Call[],
): Readonly<Record<string, number>> {
  const bytesOf = (tensor: Tensor) => 4 * sizeOf(tensor.shape);
  const places = calls.flatMap((call) => call.arguments).flatMap((argument) =>
    typeof argument !== "object" ? [] : "space" in argument ? [argument] : []
  );
  const fixed: Readonly<Record<string, number>> = { [FIRST_BAD]: 4, [KERNEL_SCRATCH]: MATMUL_WORK };
  return {
    ...Object.fromEntries(places.map(({ space }) => [space, fixed[space] ?? 0])),
    ...Object.fromEntries([...inputs].map(([name, tensor]) => [`in:${name}`, bytesOf(tensor)])),
    ...Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [`out:${name}`, bytesOf(tensor)]),
    ),
  };
}

/** Returns the matrices in panels within each input, by the input's name; no entry for inputs without any. */
function layoutsOfInputs(inputs: ReadonlyMap<string, Tensor>, layout: LayoutPlan): Layouts {
  const named = [...inputs].map(([name, tensor]) => [name, layout.regionsOf(tensor)] as const);
  return Object.fromEntries(named.filter(([, regions]) => regions.length > 0));
}
