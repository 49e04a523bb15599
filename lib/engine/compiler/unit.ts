/**
 * Units of a lowered expression: kernel calls with symbolic references to memory.
 *
 * @module
 */
import type { Call, MemoryAccess, Region } from "../program/program.ts";

/** A buffer: a space that persists after the program, or scratch memory. */
export interface Buffer {
  readonly bytes: number;
  /** Name of the space, if the buffer is persistent. */
  readonly space?: string;
  /** Whether each worker has a copy of its own; only for scratch memory. */
  readonly isPrivate?: boolean;
}

/** A symbolic reference to bytes of a buffer, before memory is planned. */
export interface Reference {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly bytes: number;
}

/** Kernel calls that belong together: they compute one tensor or one group of elementwise operations. */
export interface Unit {
  /** Origin and operation. */
  readonly label: string;
  /** Memory that must be written before. */
  readonly reads: readonly Reference[];
  /** Results and work space. */
  readonly writes: readonly Reference[];
  /** Inputs read element by element in step with the output, so they may be overwritten in place. */
  readonly elementwiseReads?: readonly Reference[];
  /** Floating-point results, which may be checked. */
  readonly results?: readonly Reference[];
  /** Source and target, if the unit only copies. */
  readonly copy?: { readonly from: Reference; readonly to: Reference };
  readonly calls: Calls;
}

/** A call before memory is planned. */
export type UnitCall = Call<Reference | Region>;

export type Calls = readonly UnitCall[];

/** Replaces all references in a call by regions. */
export function resolveReferences(
  call: UnitCall,
  regionOf: (reference: Reference) => Region,
): Call {
  const resolve = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if ("buffer" in value) return regionOf(value as Reference);
    if (Array.isArray(value)) return value.map(resolve);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolve(item)]));
  };
  return resolve(call) as Call;
}

/** Returns the access to all bytes of a reference; if rows are partitioned, of `perRow` bytes each. */
export function access(region: Reference, perRow?: number): MemoryAccess<Reference> {
  const { bytes } = region;
  return perRow === undefined ? { region, bytes } : { region, bytes, perRow };
}

/** Returns new scratch memory that workers share. */
export function scratch(bytes: number): Reference {
  return { buffer: { bytes }, offset: 0, bytes };
}

/** Returns new scratch memory of which each worker has a copy of its own. */
export function workerScratch(bytes: number): Reference {
  return { buffer: { bytes, isPrivate: true }, offset: 0, bytes };
}

/** Returns bytes of a reference, from an offset on. */
export function subreference(reference: Reference, offset: number, bytes: number): Reference {
  return { buffer: reference.buffer, offset: reference.offset + offset, bytes };
}

/** Returns whether two references have bytes in common. */
export function overlap(a: Reference, b: Reference): boolean {
  return a.buffer === b.buffer && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}
