/**
 * Checks the order of stages: every input of a stage must be an output of an earlier one, and an artifact that
 * a stage changes (it is both input and output) must not have been used before.
 *
 * @module
 */
import { list, type Problem } from "./messages/problem.ts";

/** Inputs of a stage from earlier ones, and outputs for later ones. */
export interface NeedsAndGives {
  readonly needs: readonly string[];
  readonly gives: readonly string[];
}

/**
 * Returns the problems of the order of stages; `names` are those of the pipeline, undefined for a stage without
 * a name.
 */
export function orderProblems(
  names: readonly (string | undefined)[],
  table: Readonly<Record<string, NeedsAndGives>>,
): readonly Problem[] {
  const known = names.every((name) => name !== undefined && Object.hasOwn(table, name));
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (name !== undefined && first < index) {
      return [
        problem(
          index,
          name,
          `expected each stage once: received it again, after stage ${first + 1}`,
        ),
      ];
    }
    // with a misspelt stage in the pipeline, it is unknown what is missing
    if (!known || name === undefined) return [];
    const earlier = names.slice(0, index).flatMap((other) => table[other ?? ""] ?? []);
    const available = new Set(earlier.flatMap(({ gives }) => gives));
    const { needs = [] } = table[name] ?? {};
    return needs.flatMap((need) => {
      if (!available.has(need)) return [missing(index, name, need, table)];
      return tooLate(names.slice(0, index), { index, name, need }, table);
    });
  });
}

type Table = Readonly<Record<string, NeedsAndGives>>;

function missing(index: number, name: string, need: string, table: Table): Problem {
  const givers = Object.keys(table).filter((other) =>
    table[other]?.gives.includes(need) && !table[other]?.needs.includes(need)
  );
  const remedy = givers.length === 0
    ? ""
    : `: put ${list(givers).replaceAll(", ", " or ")} before it`;
  return problem(index, name, `expected "${need}" from an earlier stage: received none${remedy}`);
}

/** Returns the problem if a stage changes an artifact that an earlier one has used without changing it. */
function tooLate(
  earlier: readonly (string | undefined)[],
  { index, name, need }: { readonly index: number; readonly name: string; readonly need: string },
  table: Table,
): readonly Problem[] {
  if (table[name]?.gives.includes(need) !== true) return [];
  const user = earlier.find((other = "") => {
    const { needs = [], gives = [] } = table[other] ?? {};
    return needs.includes(need) && !gives.includes(need);
  });
  if (user === undefined) return [];
  return [
    problem(
      index,
      name,
      `expected to change "${need}" before it is used: received it after "${user}": put it before that`,
    ),
  ];
}

function problem(index: number, name: string, what: string): Problem {
  return { path: ["pipeline", index], message: `stage ${index + 1} "${name}": ${what}` };
}
