/**
 * Defines exercises: functions for a learner to write, each with a solution and with common mistakes.
 *
 * @module
 */
import { below, key, type Tensor } from "../../tensor/mod.ts";

/**
 * Results of an implementation, by name. Each is a tensor expression, which is evaluated on the exercise's
 * inputs, or a list of numbers.
 */
export type Results = Readonly<Record<string, Tensor | readonly number[]>>;

/**
 * A programming exercise: a function to write, inputs on which its results are compared, its solution, and
 * wrong implementations with common mistakes.
 */
export interface Exercise {
  /** Name of the exercise on the command line: "relu-backward". */
  readonly name: string;
  /** Title in one line, without the final period. */
  readonly summary: string;
  /** Name under which the learner's file exports the function. */
  readonly exported: string;
  /**
   * Import lists of the learner's file, such as "matmul, sum, type Tensor", by module path below `lib`.
   * Defaults to none.
   */
  readonly imports?: Readonly<Record<string, string>>;
  /** TypeScript source of the file to complete, without its imports. Its function throws until it is written. */
  readonly source: string;
  /** Elements, row-major, of the input tensors on which results depend, by the tensors' names. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /**
   * Calls an implementation (the learner's, the solution or a mistake) with the exercise's arguments, and
   * returns its results by name. Their types are not checked. Throws whatever the implementation throws.
   */
  call(implementation: unknown): Results;
  /** Correct implementation of the function. */
  readonly solution: unknown;
  /** Wrong implementations of the function, each by a sentence that explains the mistake. */
  readonly mistakes: Readonly<Record<string, unknown>>;
}

/** An exercise whose solution and mistakes have the type `Written` of the function to write. */
type TypedExercise<Written extends (...args: never[]) => unknown> =
  & Omit<Exercise, "inputs" | "call" | "solution" | "mistakes">
  & {
    readonly inputs?: Exercise["inputs"];
    call(implementation: Written): Results;
    readonly solution: Written;
    readonly mistakes: Readonly<Record<string, Written>>;
  };

/**
 * Returns an exercise. TypeScript checks at compile time that its solution and its mistakes have the type
 * `Written` of the function to write; the returned exercise accepts any implementation. `inputs` defaults to
 * none.
 */
export function defineExercise<Written extends (...args: never[]) => unknown>(
  { call, inputs = {}, ...described }: TypedExercise<Written>,
): Exercise {
  return { ...described, inputs, call: (implementation) => call(implementation as Written) };
}

/**
 * Returns `count` pseudo-random numbers as elements of test inputs: multiples of 1/8 from −2 to 2. The fourth
 * of every five is 0.
 *
 * @param stream name of the random stream; equal names give equal numbers
 */
export function exampleNumbers(count: number, stream: string): readonly number[] {
  const from = key(0, "exercise", stream);
  return Array.from(
    { length: count },
    (_, index) => index % 5 === 3 ? 0 : below(from, index, 33) / 8 - 2,
  );
}

/**
 * Returns the TypeScript source of the file that a learner completes: the imports, then the exercise's
 * `source`.
 *
 * @param library path or URL of the folder `lib`, with a slash at the end; the imports begin with it
 */
export function starterSource({ imports = {}, source }: Exercise, library: string): string {
  const lines = Object.entries(imports).map(([module, names]) =>
    `import { ${names} } from "${library}${module}";\n`
  );
  return lines.length === 0 ? source : `${lines.join("")}\n${source}`;
}
