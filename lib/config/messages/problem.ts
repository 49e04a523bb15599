import type { Path, SourceLocation } from "../tree.ts";

/** A problem of a config: a message, and the part of the config that it concerns. */
export interface Problem {
  /** Path of keys and indices to the part. Empty if the problem concerns the whole config. */
  readonly path: Path;
  /** Text of the problem: "expected …: received …". */
  readonly message: string;
  /** Line of the file, or command-line argument, in which the problem is. */
  readonly location?: SourceLocation;
}

/** Largest number of problems that the message of a {@linkcode ConfigError} lists. */
const MOST_LISTED = 20;

/** An error for an invalid config, with all problems that were found. Its message lists the first 20. */
export class ConfigError extends Error {
  override readonly name: string = "ConfigError";
  /** All problems, including those that the message leaves out. */
  readonly problems: readonly Problem[];

  /**
   * Creates the error, with a line for each of the first 20 problems in its message.
   *
   * @param source name of the config in the message, for example `config "configs/wide.json"`
   * @param problems the problems, at least one
   * @param stages names of the pipeline's stages, in order. With them, the message also has the short form
   *     of paths, such as `train.epochs`
   */
  constructor(
    source: string,
    problems: readonly Problem[],
    stages: readonly (string | undefined)[] = [],
    options?: ErrorOptions,
  ) {
    const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
    const lines = problems.slice(0, MOST_LISTED).map((problem) =>
      `\n  ${formatProblem(problem, stages)}`
    );
    const more = problems.length - lines.length;
    super(
      `Cannot read ${source}: ${count}${lines.join("")}${more > 0 ? `\n  and ${more} more` : ""}`,
      options,
    );
    this.problems = problems;
  }
}

/** Formats a problem as a line of an error message: location, path, message. */
function formatProblem(
  { location, path, message }: Problem,
  stages: readonly (string | undefined)[],
): string {
  const where = location &&
    [location.source, location.line, location.column].filter((part) => part !== undefined).join(
      ":",
    );
  const full = formatPath(path);
  const short = formatStagePath(path, stages);
  const paths = short === undefined ? full : `${full} (${short})`;
  return [where, paths, message].filter((part) => part !== undefined && part !== "").join(": ");
}

/** Formats a path of keys and indices as text: `pipeline[3].layers[0].units`. */
export function formatPath(path: Path): string {
  return path.map((step, index) => {
    if (typeof step === "number") return `[${step}]`;
    const text = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(step) ? step : quoteText(step);
    return index === 0 ? text : `.${text}`;
  }).join("");
}

/**
 * Formats a path within a stage in its short form, as in `--set`: `train.epochs` for `pipeline[3].epochs`.
 * Returns undefined for other paths, and if the stage is unknown or occurs more than once.
 */
function formatStagePath(path: Path, stages: readonly (string | undefined)[]): string | undefined {
  const [first, index, ...rest] = path;
  if (first !== "pipeline" || typeof index !== "number" || rest.length === 0) return undefined;
  const stage = stages[index];
  const unique = stages.filter((name) => name === stage).length === 1;
  return stage !== undefined && unique ? formatPath([stage, ...rest]) : undefined;
}

/**
 * Returns a text in quotes on one line, with control characters escaped as in JSON. A text of more than 60
 * characters is truncated.
 */
export function quoteText(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return JSON.stringify(short.toWellFormed());
}

/** Formats names as a list, `"a", "b", "c"`. After 30 names, "…" stands for the others. */
export function quoteList(names: readonly string[]): string {
  const shown = names.slice(0, 30).map(quoteText).join(", ");
  return names.length > 30 ? `${shown}, …` : shown;
}
