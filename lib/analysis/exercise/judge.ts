/**
 * Judges a learner's function by comparing its results with those of the exercise's solution.
 *
 * @module
 */
import { evaluate } from "../../engine/reference/reference.ts";
import { formatNumber } from "../../format/numbers.ts";
import { formatShape, type Tensor } from "../../tensor/mod.ts";
import type { Exercise, Results } from "./exercise.ts";

/** Result of comparing a learner's function with the solution. */
export interface Verdict {
  /**
   * Agreement of the results. `equal`: the same numbers in single precision, where NaN equals NaN and 0 equals
   * −0. `close`: equal up to rounding in double precision. `different`: neither. `unfinished`: the function
   * throws an Error, or a result is missing or has another type or shape.
   */
  readonly kind: "equal" | "close" | "different" | "unfinished";
  /**
   * Lines that describe the agreement: the first or the largest difference, and the mistake that has the same
   * results, if one is known; or the reason why the function counts as unfinished.
   */
  readonly lines: readonly string[];
}

/**
 * Largest difference in double precision that counts as rounding, relative to the solution's element of the
 * largest magnitude, or to 1 if it is smaller.
 */
const ROUNDING = 1e-9;

/** A result with its elements, row-major. For a list of numbers, `single` and `double` are both this list. */
interface EvaluatedResult {
  readonly name: string;
  readonly shape: readonly number[];
  /** Elements of a tensor, computed in single precision. */
  readonly single: ArrayLike<number>;
  /** Elements of a tensor, computed in double precision. */
  readonly double: ArrayLike<number>;
}

/**
 * Judges a learner's function: compares its results with those of the exercise's solution, and explains a
 * difference. An Error that the function throws is a verdict; any other thrown value is thrown again.
 *
 * @param implementation value that the learner's file exports as the function; its type is not known
 */
export function judgeImplementation(exercise: Exercise, implementation: unknown): Verdict {
  const expected = evaluateResults(exercise, exercise.call(exercise.solution));
  let received: readonly EvaluatedResult[];
  try {
    received = evaluateResults(exercise, exercise.call(implementation));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { kind: "unfinished", lines: [`${exercise.exported}() throws: ${error.message}`] };
  }
  const misshapen = describeShapeMismatch(expected, received);
  if (misshapen !== undefined) return { kind: "unfinished", lines: [misshapen] };
  const apart = findDifferences(expected, received, "single");
  if (apart.length === 0) return { kind: "equal", lines: ["equal to the solution, bit for bit"] };
  if (areClose(expected, received)) {
    const [largest] = apart.toSorted((a, b) => b.distance - a.distance);
    return {
      kind: "close",
      lines: [`approximately equal: the largest difference is ${formatDifference(largest)}`],
    };
  }
  const [first] = apart;
  const known = Object.entries(exercise.mistakes).filter(([, mistake]) =>
    areClose(evaluateResults(exercise, exercise.call(mistake)), received)
  );
  return {
    kind: "different",
    lines: [
      `different: the first difference is ${formatDifference(first)}`,
      ...known.slice(0, 1).map(([reason]) => reason),
    ],
  };
}

/**
 * Evaluates results on an exercise's inputs, in single and in double precision.
 *
 * @throws {TypeError} if a result is neither a tensor nor a list of numbers
 */
function evaluateResults({ inputs }: Exercise, results: Results): readonly EvaluatedResult[] {
  return Object.entries(results).map(([name, result]) => {
    if (isNumbers(result)) {
      return { name, shape: [result.length], single: result, double: result };
    }
    if (result?.operation === undefined) {
      throw new TypeError(`expected "${name}" as a tensor: received ${typeof result}`);
    }
    const [single] = evaluate([result], { inputs }, "f32");
    const [double] = evaluate([result], { inputs }, "f64");
    return { name, shape: result.shape, single, double };
  });
}

function isNumbers(result: Tensor | readonly number[]): result is readonly number[] {
  return Array.isArray(result);
}

/**
 * Describes the first of the solution's results that is missing in the learner's, or has another shape there.
 * Returns undefined if all agree; further results of the learner are ignored.
 */
function describeShapeMismatch(
  expected: readonly EvaluatedResult[],
  received: readonly EvaluatedResult[],
): string | undefined {
  for (const { name, shape } of expected) {
    const found = received.find((result) => result.name === name);
    if (found === undefined) return `expected a result "${name}": received none`;
    if (formatShape(found.shape) === formatShape(shape)) continue;
    return `expected "${name}" of shape ${formatShape(shape)}: received ${
      formatShape(found.shape)
    }`;
  }
  return undefined;
}

/** An element in which the learner's result differs from the solution's. */
interface Difference {
  /** Name of the result. */
  readonly name: string;
  /** Index of the element along each axis, from 0. */
  readonly indices: readonly number[];
  readonly expected: number;
  readonly received: number;
  /** Absolute difference of the two numbers. */
  readonly distance: number;
}

/**
 * Returns the elements that differ between results of the same names and shapes. NaN equals NaN, and 0 equals
 * −0.
 *
 * @param precision precision of the compared elements
 */
function findDifferences(
  expected: readonly EvaluatedResult[],
  received: readonly EvaluatedResult[],
  precision: "single" | "double",
): readonly Difference[] {
  return expected.flatMap(({ name, shape, [precision]: right }) => {
    const { [precision]: found = [] } = received.find((result) => result.name === name) ?? {};
    return Array.from(right, (value, index) => ({ value, index, given: found[index] }))
      .filter(({ value, given }) => !Object.is(value, given) && value !== given)
      .map(({ value, index, given }) => ({
        name,
        indices: elementIndices(index, shape),
        expected: value,
        received: given,
        distance: Math.abs(value - given),
      }));
  });
}

/** Returns whether no element differs by more than rounding, in double precision. */
function areClose(
  expected: readonly EvaluatedResult[],
  received: readonly EvaluatedResult[],
): boolean {
  const largest = Math.max(1, ...expected.flatMap(({ double }) => Array.from(double, Math.abs)));
  return findDifferences(expected, received, "double")
    .every(({ distance }) => distance <= ROUNDING * largest);
}

/** Converts the index of an element in row-major order to its index along each axis. All count from 0. */
function elementIndices(flatIndex: number, shape: readonly number[]): readonly number[] {
  const indices: number[] = [];
  let rest = flatIndex;
  for (const length of shape.toReversed()) {
    indices.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return indices;
}

function formatDifference({ name, indices, expected, received, distance }: Difference): string {
  return `${formatNumber(distance)}, in "${name}" at ${formatShape(indices)}: ` +
    `expected ${formatNumber(expected)}: received ${formatNumber(received)}`;
}
