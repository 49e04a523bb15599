/**
 * What executes programs. A backend opens machines on plans; a machine holds the memory of some
 * programs and runs their steps. lib/docs/backends.md lists what an implementation provides.
 *
 * @module
 */

import type { Layouts, Program } from "./program/program.ts";
import type { StoredFeatures } from "./program/sources.ts";
import type { StepTimes } from "./workers/stopwatch.ts";
import type { Tape } from "./workers/tape.ts";

/** An implementation of the operations: opens machines that run programs. */
export interface Backend {
  /**
   * Everything that results depend on besides the config and, unless the backend is exact, the number
   * of workers: "exact", or an implementation with its version.
   */
  readonly name: string;
  /** Options that programs for this backend are compiled with. */
  readonly compileOptions: BackendCompileOptions;
  /** Facts for a run's manifest besides the name, such as the file of a library. */
  readonly facts: Readonly<Record<string, string>>;
  /**
   * Opens a machine: lays out the memory and starts the workers. Data sets in shared memory are read
   * where they are, by all workers; others are copied once.
   *
   * @throws {RangeError} if more memory is needed than the backend has
   * @throws {TypeError} if the programs do not fit each other or the data
   */
  open(plan: Plan): Promise<Machine>;
}

/** Options of the compiler that depend on the backend. */
export interface BackendCompileOptions {
  /** Whether weights of dense products lie in panels. */
  readonly densePanels: boolean;
}

/** Programs, data and memory that a machine is opened for. */
export interface Plan {
  /** The programs that will run, by name. */
  readonly programs: Readonly<Record<string, Program>>;
  /** Spaces that stand for others in a program: evaluating on test data instead of training data. */
  readonly aliases?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The data sets that programs read, by name. */
  readonly sources: Readonly<Record<string, Pick<StoredFeatures, "features" | "values" | "scale">>>;
  /** Inputs and outputs ("in:rows", "out:loss") that have an entry for each step of a segment. */
  readonly perStep: readonly string[];
  /** The most steps that one segment may have. */
  readonly steps: number;
  /** Entries of spaces of which only programs with shorter segments have one for each step, by name. */
  readonly entries?: Readonly<Record<string, number>>;
  /** Number of workers that share the work. Defaults to 1. */
  readonly workers?: number | undefined;
  /**
   * URL of a module with a clock, see `ClockModule`, by which workers time some of the steps; none are
   * timed if it is not given. The results do not depend on it.
   */
  readonly clock?: string | undefined;
}

/** Views of a machine's memory, by the names of the programs' spaces. */
export interface Spaces {
  /** Elements of a space. */
  floats(space: string): Float32Array<SharedArrayBuffer>;
  /** Integers of a space. */
  integers(space: string): Int32Array<SharedArrayBuffer>;
  /** How many elements apart a space's entries of successive steps are; 0 if it has but one. */
  stride(space: string): number;
  /** Memory layout of each input's matrices. */
  readonly layouts: Layouts;
}

/** A run of successive steps of one program. */
export interface Segment {
  /** Name of the program. */
  readonly program: string;
  /** First step, as an index of the arrays that have an entry for each. */
  readonly from: number;
  /** The step to stop before. */
  readonly to: number;
  /** Where each worker records every step; only a machine with a clock can. */
  readonly tapes?: readonly Tape[];
}

/** Runs programs in workers; owns the workers and the memory. */
export interface Machine extends Spaces, AsyncDisposable {
  /**
   * Runs a segment; resolves to the step it stopped before: `to`, unless it was stopped. Rejects if
   * a worker fails, if another segment is running, or when the machine is closed.
   */
  run(segment: Segment): Promise<number>;
  /**
   * Has later segments read other values of a data set: row-major, of the same type and features.
   * What is not in shared memory is copied there.
   */
  read(name: string, values: Uint8Array | Float32Array): void;
  /** Has the running segment end with its current step, and later ones not begin, until resumed. */
  stop(): void;
  /** Lets segments run again after a stop. */
  resume(): void;
  /** Steps executed of the running segment, or of the last one. */
  stepsDone(): number;
  /** Returns the time of a program's steps by call so far; undefined if the machine has no clock. */
  times(program: string): StepTimes | undefined;
}
