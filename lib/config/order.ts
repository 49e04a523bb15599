/**
 * Checks of the order of stages. Every input of a stage must be an output of an earlier stage. An artifact
 * that a stage changes, being both its input and its output, must not have been used by an earlier stage.
 *
 * @module
 */
import { type Problem, quoteList } from "./messages/problem.ts";

/** Names of the artifacts that a stage reads and writes. */
export interface StageArtifacts {
  /** Inputs, which earlier stages must provide. */
  readonly needs: readonly string[];
  /** Outputs, which later stages can use. */
  readonly gives: readonly string[];
}

/**
 * Returns the problems with the order of a pipeline's stages: repeated stages, missing inputs, and changes
 * of artifacts after their use. If a stage is unknown, only repeated stages are found.
 *
 * @param stageNames names of the stages in order, undefined for a stage without a name
 * @param table inputs and outputs of all known stages, by name
 */
export function findOrderProblems(
  stageNames: readonly (string | undefined)[],
  table: Readonly<Record<string, StageArtifacts>>,
): readonly Problem[] {
  const known = stageNames.every((name) => name !== undefined && Object.hasOwn(table, name));
  return stageNames.flatMap((name, index) => {
    const first = stageNames.indexOf(name);
    if (name !== undefined && first < index) {
      return [
        stageProblem(
          index,
          name,
          `expected each stage once: received it again, after stage ${first + 1}`,
        ),
      ];
    }
    // with a misspelt stage in the pipeline, it is unknown what is missing
    if (!known || name === undefined) return [];
    const earlier = stageNames.slice(0, index).flatMap((other) => table[other ?? ""] ?? []);
    const available = new Set(earlier.flatMap(({ gives }) => gives));
    const { needs = [] } = table[name] ?? {};
    return needs.flatMap((need) => {
      if (!available.has(need)) return [missingInputProblem(index, name, need, table)];
      return lateChangeProblems(stageNames.slice(0, index), { index, name, need }, table);
    });
  });
}

type ArtifactTable = Readonly<Record<string, StageArtifacts>>;

/**
 * Returns the problem of a stage whose input no earlier stage provides. The message lists the stages that
 * could provide it.
 */
function missingInputProblem(
  stageIndex: number,
  stageName: string,
  input: string,
  table: ArtifactTable,
): Problem {
  const givers = Object.keys(table).filter((other) =>
    table[other]?.gives.includes(input) && !table[other]?.needs.includes(input)
  );
  const remedy = givers.length === 0
    ? ""
    : `: put ${quoteList(givers).replaceAll(", ", " or ")} before it`;
  return stageProblem(
    stageIndex,
    stageName,
    `expected "${input}" from an earlier stage: received none${remedy}`,
  );
}

/**
 * Returns a problem if a stage changes its input `need`, an artifact that an earlier stage has used
 * unchanged. Returns an empty list otherwise.
 */
function lateChangeProblems(
  earlier: readonly (string | undefined)[],
  { index, name, need }: { readonly index: number; readonly name: string; readonly need: string },
  table: ArtifactTable,
): readonly Problem[] {
  if (table[name]?.gives.includes(need) !== true) return [];
  const user = earlier.find((other = "") => {
    const { needs = [], gives = [] } = table[other] ?? {};
    return needs.includes(need) && !gives.includes(need);
  });
  if (user === undefined) return [];
  return [
    stageProblem(
      index,
      name,
      `expected to change "${need}" before it is used: received it after "${user}": put it before that`,
    ),
  ];
}

/** Returns a problem of the stage at an index of the pipeline, with its position and name in the message. */
function stageProblem(stageIndex: number, stageName: string, message: string): Problem {
  return {
    path: ["pipeline", stageIndex],
    message: `stage ${stageIndex + 1} "${stageName}": ${message}`,
  };
}
