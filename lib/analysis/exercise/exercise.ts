/**
 * Exercises: functions for a learner to write, each with a solution and with common mistakes.
 *
 * @module
 */
import { below, key, type Tensor } from "../../tensor/mod.ts";

/** Results of a function by name: tensors to compute, or numbers. */
export type Results = Readonly<Record<string, Tensor | readonly number[]>>;

/** An exercise. */
export interface Exercise {
  /** Its name, for the command line: "relu-backward". */
  readonly name: string;
  /** One line about it, without the final period. */
  readonly summary: string;
  /** Name of the function to write. */
  readonly exported: string;
  /** Names that the file imports, by modules of the library. */
  readonly imports?: Readonly<Record<string, string>>;
  /** The file to complete, after its imports. */
  readonly source: string;
  /** Values of the inputs of the results, by name, row-major. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /**
   * Calls a function as the exercise describes it.
   *
   * @throws {TypeError} if it does not return what the exercise asks for
   */
  call(implementation: unknown): Results;
  readonly solution: unknown;
  /** Wrong functions by what is wrong with them, in a sentence. */
  readonly mistakes: Readonly<Record<string, unknown>>;
}

/** An exercise whose function has a type. */
type TypedExercise<Written extends (...args: never[]) => unknown> =
  & Omit<Exercise, "inputs" | "call" | "solution" | "mistakes">
  & {
    readonly inputs?: Exercise["inputs"];
    call(implementation: Written): Results;
    readonly solution: Written;
    readonly mistakes: Readonly<Record<string, Written>>;
  };

/** Returns an exercise whose solution and mistakes have the type of the function to write. */
export function exercise<Written extends (...args: never[]) => unknown>(
  { call, inputs = {}, ...described }: TypedExercise<Written>,
): Exercise {
  return { ...described, inputs, call: (implementation) => call(implementation as Written) };
}

/** Returns some numbers from −2 to 2, multiples of an eighth, zero among them; the same every time. */
export function someNumbers(count: number, purpose: string): readonly number[] {
  const from = key(0, "exercise", purpose);
  return Array.from(
    { length: count },
    (_, index) => index % 5 === 3 ? 0 : below(from, index, 33) / 8 - 2,
  );
}

/**
 * Returns the file to complete.
 *
 * @param library path or URL of the folder `lib`, with a slash at the end
 */
export function fileOf({ imports = {}, source }: Exercise, library: string): string {
  const lines = Object.entries(imports).map(([module, names]) =>
    `import { ${names} } from "${library}${module}";\n`
  );
  return lines.length === 0 ? source : `${lines.join("")}\n${source}`;
}
