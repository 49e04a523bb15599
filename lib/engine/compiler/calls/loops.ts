import { sizeOf, type Tensor } from "../../../tensor/mod.ts";
import type { Primitive } from "../../../tensor/operations.ts";
import type { Group } from "../group.ts";
import type { Calls, Span, UnitCall } from "../unit.ts";
import { after, PANEL, type PanelRegion, panelsOf, type Place } from "../../program/program.ts";

interface Places {
  readonly reads: readonly (Span | Place)[];
  readonly writes: readonly (Span | Place)[];
}

/** The calls of a group's loop, some matrices of whose elements lie in panels. */
export function loopCalls(
  kernel: string,
  group: Group,
  places: Places,
  regions: readonly PanelRegion[],
): Calls {
  return group.byRows
    ? matrixCalls(kernel, group, places, regions.length > 0)
    : stretchesOf(group.writes[0], regions)
      .map((stretch) => lineCall(kernel, group, places, stretch));
}

/** Part of a line of elements, cut into units of so many, which workers share. */
interface Stretch {
  readonly offset: number;
  readonly unit: number;
  readonly units: number;
}

/**
 * A line of elements in stretches: a matrix by its rows, a vector by its elements, except for what lies
 * in panels. That is shared by the panels' rows, as the products are that make gradients of it, so that
 * each worker updates what it computed itself.
 */
function stretchesOf({ shape }: Tensor, regions: readonly PanelRegion[]): readonly Stretch[] {
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

/** A loop over a stretch of elements; their numbers are those in the whole line if units are single. */
function lineCall(
  kernel: string,
  group: Group,
  places: Places,
  { offset, unit, units }: Stretch,
): UnitCall {
  const { reads } = group;
  const perRow = 4 * unit;
  const line = (place: Span | Place) => ({ place: after(place, 4 * offset), perRow });
  const touch = (place: Span | Place) => ({ ...line(place), bytes: units * perRow });
  const isLine = places.reads.map((_, index) => reads[index]?.access === "full");
  return {
    kernel,
    arguments: [
      ...places.reads.map((place, index) => isLine[index] ? line(place) : place),
      ...places.writes.map(line),
      0,
      1,
      unit === 1 ? "from" : 0,
      { rows: unit },
    ],
    rows: units,
    reads: places.reads.map((place, index) => isLine[index] ? touch(place) : { place, bytes: 4 }),
    writes: places.writes.map(touch),
    flops: units * unit * flopsPerElement(group),
  };
}

/** A loop over the rows of a matrix, or of each of its panels. */
function matrixCalls(kernel: string, group: Group, places: Places, inPanels: boolean): Calls {
  const [rows, columns] = group.writes[0].shape;
  return panelsOf(columns, inPanels).map(({ first, width }): UnitCall => {
    const panel = 4 * first * rows;
    const full = { before: panel, perRow: 4 * width, bytes: 4 * width * rows };
    const kinds = {
      full,
      row: { before: 4 * first, bytes: 4 * width },
      column: { before: 0, perRow: 4, bytes: 4 * rows },
      scalar: { before: 0, bytes: 4 },
    };
    const reads = places.reads.map((place, index) => {
      const { before, ...extent } = kinds[group.reads[index]?.access ?? "full"];
      return { place: after(place, before), ...extent };
    });
    const writes = places.writes.map((place) => ({
      place: after(place, panel),
      perRow: full.perRow,
      bytes: full.bytes,
    }));
    const pointers = [...reads, ...writes].map(({ place }) => place);
    const flops = rows * width * flopsPerElement(group);
    const given = [...pointers, "from", "to", first, width] as const;
    return { kernel, arguments: given, rows, reads, writes, flops };
  });
}

/** What counts as an operation on floating-point numbers; comparing and choosing does not. */
const FLOPS: ReadonlySet<Primitive> = new Set(["add", "sub", "mul", "div", "sqrt", "min", "max"]);

function flopsPerElement({ nodes }: Group): number {
  return nodes.filter(({ operation }) =>
    operation.kind === "primitive" && FLOPS.has(operation.name)
  )
    .length;
}
