/**
 * The compiler: from expressions to a program.
 *
 *     rewrite → group elementwise operations → plan layouts → lower to units → elide copies
 *             → plan memory → calls
 *
 * A state's new value replaces the old one where it stands if nothing reads the old one any more; else
 * it is copied there at the end.
 *
 * @module
 */

import { inOrder, input, sameShape, show, sizeOf, type Tensor } from "../../tensor/mod.ts";
import { elideCopies } from "./elide.ts";
import { MATMUL_WORK } from "./form.ts";
import { groupElementwise, loopOf } from "./group.ts";
import { type LayoutPlan, planLayouts } from "./layout.ts";
import { lower } from "./lower.ts";
import { planMemory } from "./scratch_memory.ts";
import {
  type Call,
  type Layouts,
  OWN,
  type Place,
  type Program,
  WORK,
} from "../program/program.ts";
import { canonical } from "./canonical.ts";
import { type Origins, type Outputs, skipZeros } from "../../tensor/rewrite.ts";
import { type Buffer, placed, type Span, type Unit } from "./unit.ts";

export interface Source {
  /** Values that are written to the space "out:NAME", matrices in rows. */
  readonly outputs?: Outputs;
  /** Successors of inputs: each replaces the input of its name, "in:NAME". */
  readonly state?: Outputs;
  readonly origins?: Origins;
  /** Layouts that another program on the same state has chosen. */
  readonly layouts?: Layouts;
  /** Whether weights that dense rows are multiplied by lie in panels; they do if it is not given. */
  readonly densePanels?: boolean;
  /**
   * Adds a check after each unit: the first whose result is not finite writes the number of its label,
   * counted from 1, to "out:firstBad" (an integer that starts as 0).
   */
  readonly check?: boolean;
}

/**
 * Compiles expressions to a program that computes them again and again.
 *
 * @throws {TypeError} if inputs of one name, or a state and its successor, have different shapes; or if
 *   an operation is asked for in a way that no kernel serves
 */
export function compile(
  { outputs = {}, state = {}, origins, layouts = {}, densePanels = true, check = false }: Source,
): Program {
  const form = canonicalParts(outputs, state, origins);
  const results = [...Object.values(form.outputs), ...Object.values(form.state)];
  const inputs = inputsOf(results, form.state);
  const successors = Object.entries(form.state).map(([name, successor]) =>
    [inputs.get(name) as Tensor, successor] as const
  );
  const needed = new Set(results);
  const layout = planLayouts({ outputs: results, successors, given: layouts, densePanels });
  const groups = groupElementwise(results, (tensor) => needed.has(tensor));
  const { units, loops } = lower({ ...form, groups, layout });
  const elided = elideCopies(units);
  const { place, bytes } = assignPlaces(elided.units, elided.resolve);
  const { calls, labels } = labelledCalls(elided.units, place, check);
  return {
    calls,
    labels,
    loops: loops.map(loopOf),
    spaces: {
      ...spacesOf(inputs, form.outputs, calls),
      ...(check ? { [FIRST_BAD]: 4 } : {}),
      ...bytes,
    },
    layouts: layoutsOf(inputs, layout),
  };
}

function canonicalParts(outputs: Outputs, state: Outputs, origins?: Origins) {
  const stated = skipZeros({ ...prefixed("out:", outputs), ...prefixed("in:", state) }, origins);
  const form = canonical(stated.outputs, stated.origins);
  const part = (prefix: string, names: Outputs): Outputs =>
    Object.fromEntries(Object.keys(names).map((name) => [name, form.outputs[prefix + name]]));
  return { outputs: part("out:", outputs), state: part("in:", state), origins: form.origins };
}

function prefixed(prefix: string, named: Outputs): Outputs {
  return Object.fromEntries(Object.entries(named).map(([name, tensor]) => [prefix + name, tensor]));
}

/** Inputs by name, those included whose successors are asked for though nothing reads them. */
function inputsOf(results: readonly Tensor[], state: Outputs): ReadonlyMap<string, Tensor> {
  const inputs = new Map<string, Tensor>();
  const expectLike = (name: string, what: string, { shape, type }: Tensor) => {
    const known = inputs.get(name);
    if (known === undefined || (sameShape(known.shape, shape) && known.type === type)) return;
    throw new TypeError(
      `Cannot compile ${what} "${name}": expected ${known.type} ${show(known.shape)}: ` +
        `received ${type} ${show(shape)}`,
    );
  };
  for (const tensor of inOrder(results)) {
    if (tensor.operation.kind !== "input") continue;
    expectLike(tensor.operation.name, "input", tensor);
    inputs.set(tensor.operation.name, tensor);
  }
  for (const [name, successor] of Object.entries(state)) {
    expectLike(name, "the successor of state", successor);
    if (!inputs.has(name)) inputs.set(name, input(name, successor.shape, successor.type));
  }
  return inputs;
}

/**
 * Bytes of a value that keeps its place to itself. Where another takes its place, workers have to wait
 * until all have read it; of large values that is worth the memory.
 */
const SMALL = 65_536;

/** Plans scratch memory, shared and of each worker, for as long as it is needed; says where spans are. */
function assignPlaces(units: readonly Unit[], resolve: (span: Span) => Span) {
  const lifetimes = new Map<Buffer, { first: number; last: number }>();
  units.forEach(({ reads, writes }, index) => {
    for (const span of [...writes, ...reads]) {
      const { buffer } = resolve(span);
      if (buffer.space !== undefined) continue;
      const known = lifetimes.get(buffer);
      if (known === undefined) lifetimes.set(buffer, { first: index, last: index });
      else known.last = index;
    }
  });
  const always = { first: 0, last: units.length };
  const planned = (isOwn: boolean) => {
    const chosen = [...lifetimes].filter(([{ isPrivate = false }]) => isPrivate === isOwn);
    const plan = planMemory(
      chosen.map(([{ bytes }, life]) => ({ bytes, ...(bytes <= SMALL ? always : life) })),
    );
    const offsets = chosen.map(([buffer], index) => [buffer, plan.offsets[index]] as const);
    return { bytes: plan.bytes, offsets };
  };
  const [shared, own] = [planned(false), planned(true)];
  const offsets = new Map([...shared.offsets, ...own.offsets]);
  const place = (span: Span): Place => {
    const { buffer, offset } = resolve(span);
    if (buffer.space !== undefined) return { space: buffer.space, offset };
    const space = buffer.isPrivate === true ? OWN : "scratch";
    return { space, offset: (offsets.get(buffer) as number) + offset };
  };
  return { place, bytes: { scratch: shared.bytes, [OWN]: own.bytes } };
}

/** Where a checking program writes which result was not finite. */
const FIRST_BAD = "out:firstBad";

/** The calls and their labels; with a check of each result after its unit, if that is asked for. */
function labelledCalls(units: readonly Unit[], place: (span: Span) => Place, check: boolean) {
  const calls: Call[] = [];
  const labels: string[] = [];
  const add = (call: Call, label: string) => {
    calls.push(call);
    labels.push(label);
  };
  const flag: Place = { space: FIRST_BAD, offset: 0 };
  for (const { label, results = [], calls: unplaced } of units) {
    for (const call of unplaced) {
      add(placed(call, place), check ? label : `${label}: ${call.kernel}`);
    }
    const number = labels.length;
    for (const span of check ? results : []) {
      add({
        kernel: "checkFinite",
        arguments: [place(span), span.bytes / 4, flag, number],
        reads: [{ place: place(span), bytes: span.bytes }],
        writes: [{ place: flag, bytes: 4 }],
      }, label);
    }
  }
  return { calls, labels };
}

/** Bytes of the spaces that a program reads or writes; those of data sets are not its to know. */
function spacesOf(
  inputs: ReadonlyMap<string, Tensor>,
  outputs: Outputs,
  calls: readonly Call[],
): Readonly<Record<string, number>> {
  const bytesOf = (tensor: Tensor) => 4 * sizeOf(tensor.shape);
  const places = calls.flatMap((call) => call.arguments).flatMap((argument) =>
    typeof argument !== "object" ? [] : "space" in argument ? [argument] : []
  );
  const fixed: Readonly<Record<string, number>> = { [FIRST_BAD]: 4, [WORK]: MATMUL_WORK };
  return {
    ...Object.fromEntries(places.map(({ space }) => [space, fixed[space] ?? 0])),
    ...Object.fromEntries([...inputs].map(([name, tensor]) => [`in:${name}`, bytesOf(tensor)])),
    ...Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [`out:${name}`, bytesOf(tensor)]),
    ),
  };
}

function layoutsOf(inputs: ReadonlyMap<string, Tensor>, layout: LayoutPlan): Layouts {
  const named = [...inputs].map(([name, tensor]) => [name, layout.regionsOf(tensor)] as const);
  return Object.fromEntries(named.filter(([, regions]) => regions.length > 0));
}
