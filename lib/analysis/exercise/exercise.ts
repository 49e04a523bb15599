/**
 * Defines exercises: functions for a learner to write, each with a solution and with common mistakes.
 *
 * @module
 */
import { below, key, type Tensor } from "../../tensor/mod.ts";

/** Results, by name, of the function that a learner writes: tensors to evaluate, or lists of numbers. */
export type Results = Readonly<Record<string, Tensor | readonly number[]>>;

/** An exercise: a function to write, inputs to try it on, its solution, and common mistakes. */
export interface Exercise {
  /** Name of the exercise on the command line: "relu-backward". */
  readonly name: string;
  /** Title in one line, without the final period. */
  readonly summary: string;
  /** Name under which the learner's file exports the function. */
  readonly exported: string;
  /** Names that the learner's file imports, by module of the library. */
  readonly imports?: Readonly<Record<string, string>>;
  /** Text of the file to complete, without its imports. */
  readonly source: string;
  /** Elements of the tensors on which results depend, by name, row-major. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /**
   * Calls a learner's function, and returns its results by name.
   *
   * @throws {TypeError} if the function returns a value of another type than the solution
   */
  call(implementation: unknown): Results;
  readonly solution: unknown;
  /** Wrong functions, each under a sentence that explains the mistake. */
  readonly mistakes: Readonly<Record<string, unknown>>;
}

/** An exercise in which solution and mistakes have the type of the function to write. */
type TypedExercise<Written extends (...args: never[]) => unknown> =
  & Omit<Exercise, "inputs" | "call" | "solution" | "mistakes">
  & {
    readonly inputs?: Exercise["inputs"];
    call(implementation: Written): Results;
    readonly solution: Written;
    readonly mistakes: Readonly<Record<string, Written>>;
  };

/** Returns an exercise, after the compiler has checked the types of its solution and mistakes. */
export function defineExercise<Written extends (...args: never[]) => unknown>(
  { call, inputs = {}, ...described }: TypedExercise<Written>,
): Exercise {
  return { ...described, inputs, call: (implementation) => call(implementation as Written) };
}

/**
 * Returns pseudo-random numbers to try functions on: multiples of 1/8 from −2 to 2. Every fifth number is
 * 0.
 *
 * @param purpose name of the random stream; the same name and count always give the same numbers
 */
export function exampleNumbers(count: number, purpose: string): readonly number[] {
  const from = key(0, "exercise", purpose);
  return Array.from(
    { length: count },
    (_, index) => index % 5 === 3 ? 0 : below(from, index, 33) / 8 - 2,
  );
}

/**
 * Returns the text of the file that a learner completes, with its imports.
 *
 * @param library path or URL of the folder `lib`, with a slash at the end
 */
export function fileToComplete({ imports = {}, source }: Exercise, library: string): string {
  const lines = Object.entries(imports).map(([module, names]) =>
    `import { ${names} } from "${library}${module}";\n`
  );
  return lines.length === 0 ? source : `${lines.join("")}\n${source}`;
}
