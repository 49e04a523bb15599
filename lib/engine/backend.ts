/**
 * The interface of backends. A backend opens a machine for a plan; the machine owns the memory of the plan's
 * programs and runs their steps. lib/docs/backends.md lists what an implementation provides.
 *
 * @module
 */

import type { Layouts, Program } from "./program/program.ts";
import type { StoredFeatures } from "./program/sources.ts";
import type { StepTimes } from "./workers/stopwatch.ts";
import type { Tape } from "./workers/tape.ts";

/** An implementation of the tensor operations. It opens machines, which run compiled programs. */
export interface Backend {
  /**
   * Name that identifies the bits of results: "exact", or an implementation with its version. Results of
   * equal configs and names are equal; those of backends that are not exact depend on the number of
   * workers too.
   */
  readonly name: string;
  /** Options that programs for this backend are compiled with. */
  readonly compileOptions: BackendCompileOptions;
  /** Facts for a run's manifest besides the name, such as the file of a library. */
  readonly facts: Readonly<Record<string, string>>;
  /**
   * Opens a machine: plans its memory and starts its workers. All workers read data sets in shared memory
   * in place; other data sets are copied there once.
   *
   * @throws {RangeError} if the plan needs more memory than the backend has
   * @throws {TypeError} if programs disagree on the layout of an input, or do not fit the data
   */
  open(plan: Plan): Promise<Machine>;
}

/** Options for compiling expressions to programs that depend on the backend. */
export interface BackendCompileOptions {
  /** Whether weight matrices that multiply dense rows are stored in panels of columns. */
  readonly densePanels: boolean;
}

/** The programs, data sets and sizes of a machine. */
export interface Plan {
  /** Programs by name. */
  readonly programs: Readonly<Record<string, Program>>;
  /**
   * Aliases, by the name of a program: for each space of the program that is replaced by another, the name of
   * that other space. For example, a program that computes the initial state writes its outputs to the inputs
   * of another program.
   */
  readonly aliases?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Data sets that programs read, by name. */
  readonly sources: Readonly<Record<string, Pick<StoredFeatures, "features" | "values" | "scale">>>;
  /**
   * Names of the spaces ("in:rows", "out:loss") that have one entry for each step of a segment. All other
   * spaces have one entry.
   */
  readonly perStep: readonly string[];
  /** Largest number of steps in a segment. */
  readonly steps: number;
  /**
   * Numbers of entries, by name, of those spaces in `perStep` that have fewer than `steps`, because only
   * programs with shorter segments use them. Defaults to `steps` entries for every other space.
   */
  readonly entries?: Readonly<Record<string, number>>;
  /** Number of workers. Defaults to 1. */
  readonly workers?: number | undefined;
  /**
   * URL of a module with a clock, see `ClockModule`. Workers read it to time some of the steps. The results
   * do not depend on it. Defaults to none: no step is timed.
   */
  readonly clock?: string | undefined;
}

/** Access to a machine's memory by the names of its spaces, such as "in:rows" and "out:loss". */
export interface Spaces {
  /**
   * Returns a view of the elements of a space, of all its entries, as floats.
   *
   * @throws {RangeError} if no program has a space of that name
   */
  floats(space: string): Float32Array<SharedArrayBuffer>;
  /**
   * Returns a view of the elements of a space, of all its entries, as integers.
   *
   * @throws {RangeError} if no program has a space of that name
   */
  integers(space: string): Int32Array<SharedArrayBuffer>;
  /**
   * Returns the number of elements from a space's entry of one step to its entry of the next step; 0 if the
   * space has one entry.
   */
  stride(space: string): number;
  /** Matrices that are stored in panels within each input, by the input's name. */
  readonly layouts: Layouts;
}

/** Consecutive steps of one program. */
export interface Segment {
  /** Name of the program. */
  readonly program: string;
  /** First step. It is also the index of the step's entries in spaces that have one entry for each step. */
  readonly from: number;
  /** Step after the last. */
  readonly to: number;
  /**
   * Tapes on which the workers record the times of every step, one for each worker. Needs a machine with a
   * clock. Defaults to none: nothing is recorded.
   */
  readonly tapes?: readonly Tape[];
}

/** A machine, which owns workers and memory, and runs programs. */
export interface Machine extends Spaces, AsyncDisposable {
  /**
   * Runs a segment. Resolves to `to` or, if the machine was stopped, to the first step that did not run.
   * Rejects if a worker fails, if another segment is running, when the machine is closed, and with a
   * RangeError if the plan lacks the program or has fewer steps than the segment.
   */
  run(segment: Segment): Promise<number>;
  /**
   * Replaces the values of a data set for later segments: row-major [rows, features], of the same type and
   * number of features. Copies the values to shared memory unless they are there.
   *
   * @throws {TypeError} if the plan lacks the data set, or its values have another type
   */
  read(name: string, values: Uint8Array | Float32Array): void;
  /** Ends the running segment after its current step; later segments run no step until resumed. */
  stop(): void;
  /** Allows segments to run after a stop. */
  resume(): void;
  /** Returns the number of steps that the running segment, or else the last one, has executed. */
  stepsDone(): number;
  /**
   * Returns the mean times, so far, of each call of the program with a name; undefined if the machine has no
   * clock.
   */
  times(program: string): StepTimes | undefined;
}
