/**
 * The judge of exercises: compares the results of a function with those of the solution.
 *
 * @module
 */
import { evaluate } from "../../engine/reference/reference.ts";
import { formatNumber } from "../../format/numbers.ts";
import { formatShape, type Tensor } from "../../tensor/mod.ts";
import type { Exercise, Results } from "./exercise.ts";

/** The result of comparing a function with the solution. */
export interface Verdict {
  /**
   * `equal`: to the last bit; `close`: the same formula rounded otherwise; `different`; `unfinished`: the
   * function throws, or returns something else than the exercise asks for.
   */
  readonly kind: "equal" | "close" | "different" | "unfinished";
  /** The verdict in words: where the results differ, and why if that is known. */
  readonly lines: readonly string[];
}

/** Largest difference of the same formula in double precision, relative to the largest result. */
const ROUNDING = 1e-9;

/** Results as numbers: row-major, with a shape. */
interface Numbers {
  readonly name: string;
  readonly shape: readonly number[];
  readonly single: ArrayLike<number>;
  readonly double: ArrayLike<number>;
}

/** Judges a function that was written for an exercise. */
export function judge(exercise: Exercise, implementation: unknown): Verdict {
  const expected = numbersOf(exercise, exercise.call(exercise.solution));
  let received: readonly Numbers[];
  try {
    received = numbersOf(exercise, exercise.call(implementation));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { kind: "unfinished", lines: [`${exercise.exported}() throws: ${error.message}`] };
  }
  const misshapen = shapeProblem(expected, received);
  if (misshapen !== undefined) return { kind: "unfinished", lines: [misshapen] };
  const apart = differences(expected, received, "single");
  if (apart.length === 0) return { kind: "equal", lines: ["equal to the solution, bit for bit"] };
  if (areClose(expected, received)) {
    const [largest] = apart.toSorted((a, b) => b.distance - a.distance);
    return {
      kind: "close",
      lines: [`approximately equal: the largest difference is ${placeOf(largest)}`],
    };
  }
  const [first] = apart;
  const known = Object.entries(exercise.mistakes).filter(([, mistake]) =>
    areClose(numbersOf(exercise, exercise.call(mistake)), received)
  );
  return {
    kind: "different",
    lines: [
      `different: the first difference is ${placeOf(first)}`,
      ...known.slice(0, 1).map(([reason]) => reason),
    ],
  };
}

function numbersOf({ inputs }: Exercise, results: Results): readonly Numbers[] {
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

/** Returns what is wrong with names and shapes; undefined if they are those of the solution. */
function shapeProblem(
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

/** An element in which results differ. */
interface Difference {
  readonly name: string;
  /** Index along each axis. */
  readonly place: readonly number[];
  readonly expected: number;
  readonly received: number;
  readonly distance: number;
}

function differences(
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
        place: placeAt(index, shape),
        expected: value,
        received: given,
        distance: Math.abs(value - given),
      }));
  });
}

/** Whether results differ by rounding alone. */
function areClose(expected: readonly Numbers[], received: readonly Numbers[]): boolean {
  const largest = Math.max(1, ...expected.flatMap(({ double }) => Array.from(double, Math.abs)));
  return differences(expected, received, "double")
    .every(({ distance }) => distance <= ROUNDING * largest);
}

function placeAt(index: number, shape: readonly number[]): readonly number[] {
  const place: number[] = [];
  let rest = index;
  for (const length of shape.toReversed()) {
    place.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return place;
}

function placeOf({ name, place, expected, received, distance }: Difference): string {
  return `${formatNumber(distance)}, in "${name}" at ${formatShape(place)}: ` +
    `expected ${formatNumber(expected)}: received ${formatNumber(received)}`;
}
