/**
 * Units of a lowered expression: kernel calls with symbolic references to memory.
 *
 * @module
 */
import type { Call, MemoryAccess, Region } from "../program/program.ts";

/** A buffer: a space that persists after the program, or scratch memory. */
export interface Buffer {
  readonly bytes: number;
  /**
   * Name of the space, if the buffer is one that persists after the program; undefined for scratch memory.
   */
  readonly space?: string;
  /** Whether each worker has its own copy. Only scratch memory can have copies. Defaults to false. */
  readonly isPrivate?: boolean;
}

/**
 * A symbolic reference to `bytes` bytes of a buffer, from `offset` bytes after its start, before memory is
 * planned.
 */
export interface Reference {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly bytes: number;
}

/** Kernel calls that belong together: they compute one tensor or one group of elementwise operations. */
export interface Unit {
  /** Origin of the tensor and name of the operation, for messages and profiles. */
  readonly label: string;
  /** Memory that the unit reads. It is written by earlier units, or before the program runs. */
  readonly reads: readonly Reference[];
  /** Memory of the results, and work space. */
  readonly writes: readonly Reference[];
  /**
   * Those of `reads` that are read element by element in step with the output, so they may be overwritten in
   * place.
   */
  readonly elementwiseReads?: readonly Reference[];
  /** Memory of floating-point results, whose elements may be checked. */
  readonly results?: readonly Reference[];
  /** Source and target of the copy, if the unit only copies. */
  readonly copy?: { readonly from: Reference; readonly to: Reference };
  /** Calls of the unit, in the order in which they run. */
  readonly calls: Calls;
}

/** A call whose memory is not planned yet. */
export type UnitCall = Call<Reference | Region>;

/** Calls whose memory is not planned yet, in the order in which they run. */
export type Calls = readonly UnitCall[];

/**
 * Returns a call in which each reference is replaced by the region that `regionOf` returns for it; regions
 * stay.
 */
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

/**
 * Returns the access to the bytes of a reference. With `perRow`, each worker accesses only its rows, of
 * `perRow` bytes each; otherwise it accesses all bytes.
 */
export function accessTo(reference: Reference, perRow?: number): MemoryAccess<Reference> {
  const { bytes } = reference;
  return perRow === undefined ? { region: reference, bytes } : { region: reference, bytes, perRow };
}

/** Returns a reference to new scratch memory that workers share. */
export function allocateScratch(bytes: number): Reference {
  return { buffer: { bytes }, offset: 0, bytes };
}

/** Returns a reference to new scratch memory of which each worker has its own copy. */
export function allocateWorkerScratch(bytes: number): Reference {
  return { buffer: { bytes, isPrivate: true }, offset: 0, bytes };
}

/** Returns a reference to `bytes` of the bytes of another reference, from its byte `offset` on. */
export function subreference(reference: Reference, offset: number, bytes: number): Reference {
  return { buffer: reference.buffer, offset: reference.offset + offset, bytes };
}

/** Returns whether two references have bytes in common. */
export function referencesOverlap(a: Reference, b: Reference): boolean {
  return a.buffer === b.buffer && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}
