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
   * Agreement of the results. `equal`: the same bits. `close`: equal up to rounding. `different`: neither.
   * `unfinished`: the function throws, or its results have other names or shapes.
   */
  readonly kind: "equal" | "close" | "different" | "unfinished";
  /** Sentences about the first or largest difference, and about its reason if it is a common mistake. */
  readonly lines: readonly string[];
}

/** Largest difference in double precision that counts as rounding, relative to the largest result. */
const ROUNDING = 1e-9;

/** A result of a function: its name, shape and elements, row-major. */
interface Numbers {
  readonly name: string;
  readonly shape: readonly number[];
  /** Elements computed in single precision. */
  readonly single: ArrayLike<number>;
  /** Elements computed in double precision. */
  readonly double: ArrayLike<number>;
}

/** Judges a learner's function: compares its results with those of the solution, and explains a difference. */
export function judgeImplementation(exercise: Exercise, implementation: unknown): Verdict {
  const expected = evaluateResults(exercise, exercise.call(exercise.solution));
  let received: readonly Numbers[];
  try {
    received = evaluateResults(exercise, exercise.call(implementation));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { kind: "unfinished", lines: [`${exercise.exported}() throws: ${error.message}`] };
  }
  const misshapen = findShapeProblem(expected, received);
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

function evaluateResults({ inputs }: Exercise, results: Results): readonly Numbers[] {
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

/** Describes the first result with a missing name or another shape than in the solution; undefined if none has. */
function findShapeProblem(
  expected: readonly Numbers[],
  received: readonly Numbers[],
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
  /** Index of the element along each axis. */
  readonly place: readonly number[];
  readonly expected: number;
  readonly received: number;
  readonly distance: number;
}

function findDifferences(
  expected: readonly Numbers[],
  received: readonly Numbers[],
  precision: "single" | "double",
): readonly Difference[] {
  return expected.flatMap(({ name, shape, [precision]: right }) => {
    const { [precision]: found = [] } = received.find((result) => result.name === name) ?? {};
    return Array.from(right, (value, index) => ({ value, index, given: found[index] }))
      .filter(({ value, given }) => !Object.is(value, given) && value !== given)
      .map(({ value, index, given }) => ({
        name,
        place: elementIndices(index, shape),
        expected: value,
        received: given,
        distance: Math.abs(value - given),
      }));
  });
}

/** Returns whether results differ by no more than rounding. */
function areClose(expected: readonly Numbers[], received: readonly Numbers[]): boolean {
  const largest = Math.max(1, ...expected.flatMap(({ double }) => Array.from(double, Math.abs)));
  return findDifferences(expected, received, "double")
    .every(({ distance }) => distance <= ROUNDING * largest);
}

function elementIndices(index: number, shape: readonly number[]): readonly number[] {
  const place: number[] = [];
  let rest = index;
  for (const length of shape.toReversed()) {
    place.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return place;
}

function formatDifference({ name, place, expected, received, distance }: Difference): string {
  return `${formatNumber(distance)}, in "${name}" at ${formatShape(place)}: ` +
    `expected ${formatNumber(expected)}: received ${formatNumber(received)}`;
}
