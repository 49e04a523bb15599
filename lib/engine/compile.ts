/**
 * The compiler: from expressions to a program.
 *
 *     rewrite → group elementwise operations → choose layouts → order units → place values → calls
 *
 * A unit computes one or more values: an emitted loop for a group, or the kernels of a structured
 * operation. Units are scheduled by demand, each after what it reads. A state's new value replaces the
 * old one where it stands if nothing reads the old one any more; else it is copied there at the end.
 *
 * @module
 */

import { inOrder, sizeOf, type Tensor } from "../tensor/mod.ts";
import { writeModule } from "./binary.ts";
import { emitLoop, type Group } from "./emit.ts";
import { groupElementwise, isView } from "./group.ts";
import { type LayoutPlan, planLayouts } from "./layout.ts";
import { align, planMemory } from "./memory.ts";
import {
  type Call,
  type Layouts,
  type PanelRegion,
  panelsOf,
  type Place,
  type Program,
} from "./program.ts";
import { isSparse } from "./reference.ts";
import { canonical, type Origins, type Outputs } from "./rewrite.ts";
import { matmulCalls, type Operand, structuredCalls } from "./structured.ts";

/** What is to be compiled. */
export interface Source {
  /** Values that are written to the space "out:NAME". */
  readonly outputs?: Outputs;
  /** Successors of inputs: each replaces the input of its name, "in:NAME". */
  readonly state?: Outputs;
  /** Where tensors come from, for labels. */
  readonly origins?: Origins;
  /** Layouts that another program on the same state has chosen. */
  readonly layouts?: Layouts;
  /**
   * Adds a check after each unit: the first whose result is not finite writes the number of its label,
   * counted from 1, to "out:firstBad" (an integer that starts as 0).
   */
  readonly check?: boolean;
}

/** A value in memory; several tensors may show it or parts of it. */
interface Value {
  readonly bytes: number;
  /** The space it was given, if it is not in scratch memory. */
  external?: Place;
  /** Another value that it is a part of. */
  within?: Ref;
}

/** A value, from so many bytes on. */
interface Ref {
  readonly value: Value;
  readonly offset: number;
}

/** Something to be done in one go. */
interface Unit {
  readonly label: string;
  readonly reads: readonly Ref[];
  readonly writes: readonly Ref[];
  readonly group?: Group;
  /** Floating-point results to be checked, with their numbers of elements. */
  readonly results: readonly { readonly ref: Ref; readonly count: number }[];
  calls(place: (ref: Ref) => Place): readonly Call[];
}

/**
 * Compiles expressions to a program that computes them again and again.
 *
 * @throws {TypeError} if an operation is asked for in a way that no kernel serves
 */
export function compile(
  { outputs = {}, state = {}, origins, layouts = {}, check = false }: Source,
): Program {
  const tagged = {
    ...prefixed("out:", outputs),
    ...prefixed("in:", state),
  };
  const form = canonical(tagged, origins);
  const compiler = new Compiler(form.outputs, form.origins, layouts);
  return compiler.program(check);
}

function prefixed(prefix: string, named: Outputs): Outputs {
  return Object.fromEntries(Object.entries(named).map(([name, tensor]) => [prefix + name, tensor]));
}

/** Owns what is known while one program is being compiled. */
class Compiler {
  readonly #outputs: Outputs;
  readonly #origins: Origins;
  readonly #layout: LayoutPlan;
  readonly #groupOf = new Map<Tensor, Group>();
  readonly #loops: Group[] = [];
  readonly #values = new Map<string, Value>();
  readonly #refs = new Map<Tensor, Ref>();
  readonly #units: Unit[] = [];
  readonly #spaces = new Map<string, number>();
  readonly #inputs: readonly Tensor[];

  constructor(outputs: Outputs, origins: Origins, layouts: Layouts) {
    this.#outputs = outputs;
    this.#origins = origins;
    const results = Object.values(outputs);
    const order = inOrder(results);
    this.#inputs = order.filter(({ operation }) => operation.kind === "input");
    this.#layout = planLayouts(results, this.#successors(), layouts);
    const needed = new Set(results);
    for (const group of groupElementwise(results, (tensor) => needed.has(tensor))) {
      for (const node of [...group.nodes, ...group.writes]) this.#groupOf.set(node, group);
    }
  }

  program(check: boolean): Program {
    const inPlace = Object.entries(this.#outputs).filter(([name]) => name.startsWith("in:"));
    for (const [name, tensor] of Object.entries(this.#outputs)) {
      if (name.startsWith("out:")) this.#deliver(tensor, this.#external(name, tensor));
    }
    const refs = inPlace.map(([name, tensor]) => [name, tensor, this.#dense(tensor)] as const);
    for (const [name, tensor, ref] of refs) this.#replace(name, tensor, ref);
    return this.#finish(check);
  }

  #successors(): (readonly [Tensor, Tensor])[] {
    return this.#inputs.flatMap((input) => {
      const { operation } = input;
      const next = operation.kind === "input" ? this.#outputs[`in:${operation.name}`] : undefined;
      return next === undefined ? [] : [[input, next] as const];
    });
  }

  /** A value in a space of its own, which lasts beyond the program. */
  #external(space: string, { shape }: Tensor): Ref {
    const bytes = 4 * sizeOf(shape);
    const known = this.#values.get(space);
    if (known !== undefined) return { value: known, offset: 0 };
    const value: Value = { bytes, external: { space, offset: 0 } };
    this.#values.set(space, value);
    this.#spaces.set(space, bytes);
    return { value, offset: 0 };
  }

  /** Has a tensor written to a place: there at once if it may be, else copied. */
  #deliver(tensor: Tensor, to: Ref): void {
    if (this.#refs.has(tensor) || tensor.operation.kind === "input" || isView(tensor)) {
      this.#copy(tensor, this.#dense(tensor), to);
      return;
    }
    this.#refs.set(tensor, to);
    this.#schedule(tensor);
  }

  #copy(tensor: Tensor, from: Ref, to: Ref): void {
    const bytes = 4 * sizeOf(tensor.shape);
    this.#units.push({
      label: this.#label(tensor, "copy"),
      reads: [from],
      writes: [to],
      results: [],
      calls: (place) => [{ kernel: "copyBytes", arguments: [place(from), place(to), bytes] }],
    });
  }

  /** Where a tensor's elements are; schedules what computes them. */
  #dense(tensor: Tensor): Ref {
    const known = this.#refs.get(tensor);
    if (known !== undefined) return known;
    const { operation, inputs: [input], shape } = tensor;
    const ref = operation.kind === "input"
      ? this.#external(`in:${operation.name}`, tensor)
      : isView(tensor)
      ? this.#view(tensor, input as Tensor)
      : { value: { bytes: 4 * sizeOf(shape) }, offset: 0 };
    this.#refs.set(tensor, ref);
    if (operation.kind !== "input" && !isView(tensor)) this.#schedule(tensor);
    return ref;
  }

  #view({ operation }: Tensor, input: Tensor): Ref {
    const { value, offset } = this.#dense(input);
    return { value, offset: offset + (operation.kind === "slice" ? 4 * operation.offset : 0) };
  }

  #schedule(tensor: Tensor): void {
    const group = this.#groupOf.get(tensor);
    if (group !== undefined) return this.#scheduleGroup(group);
    const { operation, inputs } = tensor;
    if (operation.kind === "concatenate") return this.#scheduleParts(tensor);
    const out = this.#refs.get(tensor) as Ref;
    const left = inputs[0];
    if (operation.kind === "matmul" && left !== undefined) return this.#scheduleMatmul(tensor, out);
    const operands = inputs
      .filter(({ operation }) => operation.kind !== "source")
      .map((input) => this.#operand(input));
    const reads = operands.map(({ ref }) => ref);
    const scratch: Ref[] = [];
    const allocate = (bytes: number): Ref => {
      const ref = { value: { bytes: align(bytes) }, offset: 0 };
      scratch.push(ref);
      return ref;
    };
    if (operation.kind === "take" && isSparse(tensor)) {
      const compressed = this.#compressed(tensor, "rows");
      reads.push(compressed);
    }
    const make = structuredCalls(tensor, operands, {
      out,
      inPanels: this.#layout.inPanels(tensor),
      compressed: reads.at(-1) as Ref,
      allocate,
      source: (part) => this.#source(tensor, part),
    });
    this.#push(tensor, reads, [out, ...scratch], make);
  }

  #push(
    tensor: Tensor,
    reads: readonly Ref[],
    writes: readonly Ref[],
    calls: Unit["calls"],
  ): void {
    const [first] = writes;
    const checked = tensor.type === "float" && first !== undefined;
    const results = checked ? [{ ref: first, count: sizeOf(tensor.shape) }] : [];
    const label = this.#label(tensor, tensor.operation.kind);
    this.#units.push({ label, reads, writes, results, calls });
  }

  #operand(tensor: Tensor): Operand<Ref> {
    return { tensor, ref: this.#dense(tensor), inPanels: this.#layout.inPanels(tensor) };
  }

  #scheduleMatmul(tensor: Tensor, out: Ref): void {
    const [left, right] = tensor.inputs as readonly [Tensor, Tensor];
    const b = this.#operand(right);
    const transposed = left.operation.kind === "transpose";
    const plain = transposed ? left.inputs[0] as Tensor : left;
    const sparse = isSparse(left)
      ? this.#compressed(plain, transposed ? "columns" : "rows")
      : undefined;
    const a = sparse ?? this.#operand(plain).ref;
    if (sparse === undefined && this.#layout.inPanels(plain)) {
      throw new TypeError(
        "Cannot compile matmul: expected the left matrix in rows: received panels",
      );
    }
    const inPanels = this.#layout.inPanels(tensor);
    const calls = matmulCalls({
      left: plain,
      transposed,
      sparse: sparse !== undefined,
      a,
      b,
      out,
      inPanels,
    });
    this.#push(tensor, [a, b.ref], [out], calls);
  }

  /** Sparse rows of a batch, decoded: for each row its columns and values, or the other way round. */
  #compressed(taken: Tensor, by: "rows" | "columns"): Ref {
    const [rows, features] = taken.shape as readonly [number, number];
    const key = `${by}:${this.#numberOf(taken)}`;
    const known = this.#values.get(key);
    if (known !== undefined) return { value: known, offset: 0 };
    const lists = by === "rows" ? rows : features;
    const value = { bytes: align(4 * (lists + 1)) + 8 * rows * features };
    this.#values.set(key, value);
    const out = { value, offset: 0 };
    if (by === "columns") {
      const from = this.#compressed(taken, "rows");
      this.#units.push({
        label: this.#label(taken, "compress columns"),
        reads: [from],
        writes: [out],
        results: [],
        calls: (place) => [
          { kernel: "compressColumns", arguments: [place(from), rows, features, place(out)] },
        ],
      });
      return out;
    }
    const indices = this.#dense(taken.inputs[1] as Tensor);
    const parts = ["starts", "columns", "values", "scale"].map((part) => this.#source(taken, part));
    this.#units.push({
      label: this.#label(taken, "compress rows"),
      reads: [indices],
      writes: [out],
      results: [],
      calls: (place) => [
        { kernel: "compressRows", arguments: [place(indices), rows, ...parts, place(out)] },
      ],
    });
    return out;
  }

  #source({ inputs }: Tensor, part: string): Place {
    const operation = inputs[0]?.operation;
    const name = operation?.kind === "source" ? operation.name : "";
    const space = `source:${name}.${part}`;
    this.#spaces.set(space, 0);
    return { space, offset: 0 };
  }

  #numbers = new Map<Tensor, number>();
  #numberOf(tensor: Tensor): number {
    const known = this.#numbers.get(tensor) ?? this.#numbers.size;
    this.#numbers.set(tensor, known);
    return known;
  }

  /** Each part is written where it belongs, unless it has a place already. */
  #scheduleParts(tensor: Tensor): void {
    const { value, offset } = this.#refs.get(tensor) as Ref;
    let at = offset;
    for (const part of tensor.inputs) {
      const bytes = 4 * sizeOf(part.shape);
      const target = { value, offset: at };
      const own: Ref = { value: { bytes, within: target }, offset: 0 };
      const isFresh = !this.#refs.has(part) && part.operation.kind !== "input" && !isView(part);
      this.#deliver(part, isFresh ? own : target);
      at += bytes;
    }
  }

  #scheduleGroup(group: Group): void {
    for (const node of group.writes) {
      if (this.#refs.has(node)) continue;
      this.#refs.set(node, { value: { bytes: 4 * sizeOf(node.shape) }, offset: 0 });
    }
    const name = `loop${this.#loops.length}`;
    this.#loops.push(group);
    const reads = group.reads.map(({ tensor }) => this.#dense(tensor));
    const writes = group.writes.map((node) => this.#refs.get(node) as Ref);
    const [first] = group.writes;
    const floats = group.writes.flatMap((node, index) =>
      node.type === "float" ? [{ ref: writes[index] as Ref, count: sizeOf(node.shape) }] : []
    );
    this.#units.push({
      label: this.#label(group.writes.at(-1) as Tensor, describe(group)),
      reads,
      writes,
      group,
      results: floats,
      calls: (place) =>
        loopCalls(
          name,
          group,
          reads.map(place),
          writes.map(place),
          this.#layout.inPanels(first as Tensor),
        ),
    });
  }

  /** Lets a state's new value take the place of the old one. */
  #replace(name: string, tensor: Tensor, ref: Ref): void {
    const target = this.#external(name, tensor);
    if (ref.value === target.value) return;
    const maker = this.#units.findLastIndex(({ writes }) =>
      writes.some(({ value }) => value === ref.value)
    );
    const unit = this.#units[maker];
    const isFree = ref.value.external === undefined && ref.value.within === undefined;
    const readLater = this.#units.some(({ reads }, index) =>
      index > maker && reads.some(({ value }) => value === target.value)
    );
    const writtenOnce =
      this.#units.filter(({ writes }) => writes.some(({ value }) => value === ref.value)).length ===
        1;
    const sameElement = unit?.group?.reads.every(({ access }, index) => {
      const read = unit.reads[index];
      return read?.value !== target.value || (access === "full" && read.offset === 0);
    });
    if (isFree && ref.offset === 0 && writtenOnce && !readLater && sameElement === true) {
      ref.value.within = target;
      return;
    }
    if (ref.value.external !== undefined) {
      // Another state's old value: kept aside, since that state is replaced too
      const aside: Ref = { value: { bytes: 4 * sizeOf(tensor.shape) }, offset: 0 };
      this.#copy(tensor, ref, aside);
      this.#finally.push(() => this.#copy(tensor, aside, target));
      return;
    }
    this.#finally.push(() => this.#copy(tensor, ref, target));
  }

  readonly #finally: (() => void)[] = [];

  #finish(check: boolean): Program {
    for (const copy of this.#finally) copy();
    const lifetimes = new Map<Value, { first: number; last: number }>();
    this.#units.forEach(({ reads, writes }, index) => {
      for (const ref of [...writes, ...reads]) {
        const { value } = outermost(ref);
        if (value.external !== undefined) continue;
        const known = lifetimes.get(value);
        if (known === undefined) lifetimes.set(value, { first: index, last: index });
        else known.last = index;
      }
    });
    const scratch = [...lifetimes].map(([value, life]) => ({ value, bytes: value.bytes, ...life }));
    const { offsets, bytes } = planMemory(scratch);
    const scratchOffsets = new Map(
      scratch.map(({ value }, index) => [value, offsets[index] as number]),
    );
    const place = (ref: Ref): Place => {
      const { value, offset } = outermost(ref);
      if (value.external !== undefined) {
        return { space: value.external.space, offset: value.external.offset + offset };
      }
      return { space: "scratch", offset: (scratchOffsets.get(value) as number) + offset };
    };
    const labels: string[] = [];
    const calls = this.#units.flatMap((unit) => {
      const made = [...unit.calls(place)];
      for (const call of made) labels.push(check ? unit.label : `${unit.label}: ${call.kernel}`);
      if (!check) return made;
      const checks = unit.results.map(({ ref, count }): Call => ({
        kernel: "checkFinite",
        arguments: [place(ref), count, { space: "out:firstBad", offset: 0 }, labels.length],
      }));
      checks.forEach(() => labels.push(unit.label));
      return [...made, ...checks];
    });
    this.#spaces.set("scratch", bytes);
    if (check) this.#spaces.set("out:firstBad", 4);
    return {
      calls,
      labels,
      loops: writeModule(this.#loops.map((group, index) => emitLoop(`loop${index}`, group))),
      spaces: Object.fromEntries(this.#spaces),
      layouts: this.#layouts(),
    };
  }

  #layouts(): Layouts {
    const named = this.#inputs.map(({ operation }, index): [string, readonly PanelRegion[]] => [
      operation.kind === "input" ? operation.name : "",
      this.#layout.regions(this.#inputs[index] as Tensor),
    ]);
    return Object.fromEntries(named.filter(([, regions]) => regions.length > 0));
  }

  #label(tensor: Tensor, what: string): string {
    const origin = this.#origins.get(tensor);
    return origin === undefined ? what : `${origin}: ${what}`;
  }
}

/** The value that a value is a part of, if it is one. */
function outermost(ref: Ref): Ref {
  let { value, offset } = ref;
  while (value.within !== undefined) {
    offset += value.within.offset;
    value = value.within.value;
  }
  return { value, offset };
}

function describe({ nodes }: Group): string {
  const names = nodes.map(({ operation }) =>
    operation.kind === "primitive" ? operation.name : operation.kind
  );
  const kinds = [...new Set(names)];
  if (kinds.length === 0) return "fill";
  return kinds.length > 6 ? `${kinds.slice(0, 6).join(", ")}, …` : kinds.join(", ");
}

function loopCalls(
  kernel: string,
  { reads, writes: written, byRows }: Group,
  readPlaces: readonly Place[],
  writePlaces: readonly Place[],
  inPanels: boolean,
): readonly Call[] {
  const { shape } = written[0] as Tensor;
  if (!byRows) {
    return [{ kernel, arguments: [...readPlaces, ...writePlaces, 0, 1, 0, sizeOf(shape)] }];
  }
  const [rows, columns] = shape as readonly [number, number];
  return panelsOf(columns, inPanels).map(({ first, width }) => {
    const whole = inPanels ? 4 * first * rows : 0;
    const shift = (place: Place, bytes: number) => ({ ...place, offset: place.offset + bytes });
    const pointers = readPlaces.map((place, index) => {
      const access = reads[index]?.access;
      return shift(place, access === "full" ? whole : access === "row" ? 4 * first : 0);
    });
    const results = writePlaces.map((place) => shift(place, whole));
    return { kernel, arguments: [...pointers, ...results, 0, rows, first, width] };
  });
}
