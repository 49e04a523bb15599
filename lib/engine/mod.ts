/**
 * Interpreters of expressions: the reference, which defines every operation, and the interfaces of
 * backends and native libraries.
 *
 * @module
 */
export {
  type Bindings,
  type Elements,
  evaluate as compute,
  type Precision,
  type SourceValues,
} from "./reference/reference.ts";
export type * from "./backend.ts";
export type * from "./program/loop.ts";
export type * from "./program/program.ts";
export type { StoredFeatures } from "./program/sources.ts";
export type { StepTimes } from "./workers/stopwatch.ts";
export type { Detail, Tape } from "./workers/tape.ts";
export { singleThread } from "./wasm/exact.ts";
export { blas, type BlasBackend, type BlasOptions } from "./blas/blas.ts";
export type { BlasDescription } from "./blas/library.ts";
export type * from "./native.ts";
