/**
 * Measures the costs of a program's operations on real data. The cost of a product with sparse rows depends on the
 * number of non-zero entries. A copy of the program counts them: it saves the lengths of the lists of non-zero
 * entries, which later calls would overwrite.
 *
 * @module
 */

import { computeOperationCosts, type Cost, dataDependentTerms } from "../../engine/program/cost.ts";
import type { Spaces } from "../../engine/backend.ts";
import type { Call, Lists, NonZeros, Program } from "../../engine/program/program.ts";

/**
 * Returns the name of the buffer to which {@linkcode addCountingCalls} copies the numbers on which a cost
 * depends.
 *
 * @param index index of the data-dependent cost in the program
 */
const bufferName = (index: number) => `out:counted${index}`;

/**
 * Returns a copy of a program with further kernel calls. After each call whose cost depends on data, they copy
 * the numbers on which it depends: the lengths of lists, or the numbers of which only the non-zero ones are
 * multiplied.
 */
export function addCountingCalls(program: Program): Program {
  const counted = program.calls.flatMap(dataDependentTerms);
  const copies = program.calls.map((call) =>
    dataDependentTerms(call).map((of) => copyCall(of, counted.indexOf(of)))
  );
  return {
    ...program,
    calls: program.calls.flatMap((call, index) => [call, ...copies[index]]),
    labels: program.labels.flatMap((label, index) => [label, ...copies[index].map(() => "count")]),
    spaces: {
      ...program.spaces,
      ...Object.fromEntries(
        counted.map((of, index) => [bufferName(index), regionToCopy(of).bytes]),
      ),
    },
  };
}

/**
 * Returns the call that copies the numbers on which a cost depends.
 *
 * @param index index of the data-dependent cost in the program
 */
function copyCall(counted: Lists | NonZeros, index: number): Call {
  const { region, bytes } = regionToCopy(counted);
  const copy = { space: bufferName(index), offset: 0 };
  return {
    kernel: "copyBytes",
    arguments: [region, copy, bytes],
    reads: [{ region, bytes }],
    writes: [{ region: copy, bytes }],
  };
}

/**
 * Returns the region with the numbers on which a cost depends: lengths of lists, or numbers of which some are
 * 0.
 */
function regionToCopy(counted: Lists | NonZeros) {
  return "lists" in counted
    ? { region: counted.counts, bytes: 4 * counted.lists }
    : { region: counted.numbers, bytes: 4 * counted.length };
}

/**
 * Measures the cost of each operation of a program, as the mean over some steps.
 *
 * @param program the program without counting calls
 * @param run runs a step of the program that {@linkcode addCountingCalls} returns, in the memory of `floats`
 * and `integers`
 */
export async function measureCosts(
  program: Program,
  { floats, integers }: Pick<Spaces, "floats" | "integers">,
  { steps, run }: { readonly steps: number; readonly run: (step: number) => Promise<unknown> },
): Promise<readonly Cost[]> {
  const counted = program.calls.flatMap(dataDependentTerms);
  const sums = counted.map(() => 0);
  for (let step = 0; step < steps; step++) {
    await run(step);
    for (const [index, of] of counted.entries()) {
      const space = bufferName(index);
      sums[index] += "lists" in of
        ? integers(space).reduce((sum, length) => sum + length, 0)
        : floats(space).reduce((sum, number) => sum + Number(number !== 0), 0);
    }
  }
  return computeOperationCosts(program, (of) => sums[counted.indexOf(of)] / steps);
}
