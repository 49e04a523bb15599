import type { Call, Place, Touch } from "../program/program.ts";

/** Bytes in memory: those of a space that lasts beyond the program, else scratch. */
export interface Buffer {
  readonly bytes: number;
  /** Its name, if it lasts. */
  readonly space?: string;
  /** Whether each worker has one of its own; never of what lasts. */
  readonly isPrivate?: boolean;
}

/** Part of a buffer: so many bytes, from an offset on. */
export interface Span {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly bytes: number;
}

export interface Unit {
  /** What it is for: origin and operation. */
  readonly label: string;
  /** What has to be there before. */
  readonly reads: readonly Span[];
  /** What is there afterwards, or was used for work. */
  readonly writes: readonly Span[];
  /** Those of the reads of which each element is read before the element at its place is written. */
  readonly inStep?: readonly Span[];
  /** Floating-point results, which may be checked. */
  readonly results?: readonly Span[];
  /** Set if all that is done is to copy one span to another. */
  readonly copy?: { readonly from: Span; readonly to: Span };
  readonly calls: Calls;
}

/** A call before it is known where spans are. */
export type UnitCall = Call<Span | Place>;

export type Calls = readonly UnitCall[];

export function placed(call: UnitCall, placeOf: (span: Span) => Place): Call {
  const put = (part: unknown): unknown => {
    if (typeof part !== "object" || part === null) return part;
    if ("buffer" in part) return placeOf(part as Span);
    if (Array.isArray(part)) return part.map(put);
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, put(value)]));
  };
  return put(call) as Call;
}

/** All bytes of a span, each row its own if its rows are shared out. */
export function touch(place: Span, perRow?: number): Touch<Span> {
  const { bytes } = place;
  return perRow === undefined ? { place, bytes } : { place, bytes, perRow };
}

export function scratch(bytes: number): Span {
  return { buffer: { bytes }, offset: 0, bytes };
}

/** New scratch memory that each worker has for itself. */
export function privateScratch(bytes: number): Span {
  return { buffer: { bytes, isPrivate: true }, offset: 0, bytes };
}

export function splitOf(span: Span, offset: number, bytes: number): Span {
  return { buffer: span.buffer, offset: span.offset + offset, bytes };
}

export function overlap(a: Span, b: Span): boolean {
  return a.buffer === b.buffer && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}
