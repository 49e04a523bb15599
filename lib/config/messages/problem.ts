import type { Path, SourceLocation } from "../tree.ts";

/** A problem of a config. */
export interface Problem {
  /** Path of keys and indices; empty if it concerns the whole file. */
  readonly path: Path;
  readonly message: string;
  readonly location?: SourceLocation;
}

/** Largest number of problems in one message. */
const LISTED = 20;

/** An error about an invalid config, with all its problems. */
export class ConfigError extends Error {
  override readonly name: string = "ConfigError";
  /** All problems, in the order of the files. */
  readonly problems: readonly Problem[];

  /**
   * Creates an error whose message lists the problems.
   *
   * @param source the config, for example `config "configs/wide.json"`
   * @param problems at least one
   * @param stages the names of the pipeline's stages, for the shorter form of paths
   */
  constructor(
    source: string,
    problems: readonly Problem[],
    stages: readonly (string | undefined)[] = [],
    options?: ErrorOptions,
  ) {
    const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
    const lines = problems.slice(0, LISTED).map((problem) =>
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

/** Formats a path: `pipeline[3].layers[0].units`. */
export function formatPath(path: Path): string {
  return path.map((step, index) => {
    if (typeof step === "number") return `[${step}]`;
    const text = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(step) ? step : quoteText(step);
    return index === 0 ? text : `.${text}`;
  }).join("");
}

/** Formats a path within a stage for `--set`: `train.epochs` for `pipeline[3].epochs`. */
function formatStagePath(path: Path, stages: readonly (string | undefined)[]): string | undefined {
  const [first, index, ...rest] = path;
  if (first !== "pipeline" || typeof index !== "number" || rest.length === 0) return undefined;
  const stage = stages[index];
  const unique = stages.filter((name) => name === stage).length === 1;
  return stage !== undefined && unique ? formatPath([stage, ...rest]) : undefined;
}

/** Quotes a string on one line, shortened if it is long. */
export function quoteText(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return JSON.stringify(short.toWellFormed());
}

/** Formats a list, `"a", "b", "c"`, shortened if it is long. */
export function quoteList(names: readonly string[]): string {
  const shown = names.slice(0, 30).map(quoteText).join(", ");
  return names.length > 30 ? `${shown}, …` : shown;
}
