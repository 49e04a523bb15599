/**
 * Calls of the loops of groups of elementwise operations.
 *
 * @module
 */
import { sizeOf, type Tensor } from "../../../tensor/mod.ts";
import type { Primitive } from "../../../tensor/operations.ts";
import type { Group } from "../group.ts";
import type { Calls, Reference, UnitCall } from "../unit.ts";
import {
  offsetRegion,
  PANEL,
  type PanelRegion,
  type Region,
  splitIntoPanels,
} from "../../program/program.ts";

/** Memory of the tensors that a group reads and writes, in the order of `Group.reads` and `Group.writes`. */
interface OperandReferences {
  readonly reads: readonly (Reference | Region)[];
  readonly writes: readonly (Reference | Region)[];
}

/**
 * Returns the calls of a group's loop, whose name in the program is `kernel`. All tensors that the loop reads
 * in full or writes have the same layout: the matrices of `regions` are in panels, everything else is
 * row-major.
 */
export function loopCalls(
  kernel: string,
  group: Group,
  references: OperandReferences,
  regions: readonly PanelRegion[],
): Calls {
  return group.byRows
    ? matrixLoopCalls(kernel, group, references, regions.length > 0)
    : divideIntoStretches(group.writes[0], regions)
      .map((stretch) => stretchCall(kernel, group, references, stretch));
}

/** Consecutive elements of a tensor, divided into units of equal size, which workers partition. */
interface Stretch {
  /** Index of the first element in the tensor's memory. */
  readonly offset: number;
  /** Number of elements in a unit. */
  readonly unit: number;
  /** Number of units. */
  readonly units: number;
}

/**
 * Divides a tensor into stretches: a matrix into rows, a vector into single elements, and regions in panels
 * into rows of panels. Products that compute gradients are partitioned by rows of panels too, so each worker
 * updates the elements whose gradients it computed.
 */
function divideIntoStretches(
  { shape }: Tensor,
  regions: readonly PanelRegion[],
): readonly Stretch[] {
  if (regions.length === 0 && shape.length === 2) {
    const [units, unit] = shape;
    return [{ offset: 0, unit, units }];
  }
  const stretches: Stretch[] = [];
  let at = 0;
  const add = (units: number, unit: number) => {
    if (units * unit > 0) stretches.push({ offset: at, unit, units });
    at += units * unit;
  };
  for (const { offset, rows, columns } of regions) {
    add(offset - at, 1);
    add(rows * Math.floor(columns / PANEL), PANEL);
    add(rows, columns % PANEL);
  }
  add(sizeOf(shape) - at, 1);
  return stretches;
}

/**
 * Returns the call for a stretch, as a single row of elements. If its units are single elements, the columns
 * are counted from the start of the stretch. Loops that use the indices of elements have only one stretch.
 */
function stretchCall(
  kernel: string,
  group: Group,
  references: OperandReferences,
  { offset, unit, units }: Stretch,
): UnitCall {
  const { reads } = group;
  const perRow = 4 * unit;
  const line = (region: Reference | Region) => ({
    region: offsetRegion(region, 4 * offset),
    perRow,
  });
  const access = (region: Reference | Region) => ({ ...line(region), bytes: units * perRow });
  const isLine = references.reads.map((_, index) => reads[index]?.access === "full");
  return {
    kernel,
    arguments: [
      ...references.reads.map((region, index) => isLine[index] ? line(region) : region),
      ...references.writes.map(line),
      0,
      1,
      unit === 1 ? "from" : 0,
      { rows: unit },
    ],
    rows: units,
    reads: references.reads.map((region, index) =>
      isLine[index] ? access(region) : { region, bytes: 4 }
    ),
    writes: references.writes.map(access),
    flops: units * unit * flopsPerElement(group),
  };
}

/** Returns the calls of a loop over the rows of a matrix, or over the rows of each of its panels. */
function matrixLoopCalls(
  kernel: string,
  group: Group,
  references: OperandReferences,
  inPanels: boolean,
): Calls {
  const [rows, columns] = group.writes[0].shape;
  return splitIntoPanels(columns, inPanels).map(({ first, width }): UnitCall => {
    const panel = 4 * first * rows;
    const full = { before: panel, perRow: 4 * width, bytes: 4 * width * rows };
    const kinds = {
      full,
      row: { before: 4 * first, bytes: 4 * width },
      column: { before: 0, perRow: 4, bytes: 4 * rows },
      scalar: { before: 0, bytes: 4 },
    };
    const reads = references.reads.map((region, index) => {
      const { before, ...extent } = kinds[group.reads[index]?.access ?? "full"];
      return { region: offsetRegion(region, before), ...extent };
    });
    const writes = references.writes.map((region) => ({
      region: offsetRegion(region, panel),
      perRow: full.perRow,
      bytes: full.bytes,
    }));
    const pointers = [...reads, ...writes].map(({ region }) => region);
    const flops = rows * width * flopsPerElement(group);
    const args = [...pointers, "from", "to", first, width] as const;
    return { kernel, arguments: args, rows, reads, writes, flops };
  });
}

/** Primitives that count as floating-point operations; comparisons and selections do not. */
const FLOPS: ReadonlySet<Primitive> = new Set(["add", "sub", "mul", "div", "sqrt", "min", "max"]);

/** Returns the number of floating-point operations of a group for each element. */
function flopsPerElement({ nodes }: Group): number {
  return nodes.filter(({ operation }) =>
    operation.kind === "primitive" && FLOPS.has(operation.name)
  )
    .length;
}
