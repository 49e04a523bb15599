import type { Path, Place } from "../tree.ts";

/** One thing that is wrong with a config. */
export interface Problem {
  /** Keys and indices that lead to it; empty if it concerns the file as a whole. */
  readonly path: Path;
  readonly message: string;
  readonly place?: Place;
}

/** Most problems that one message lists. */
const LISTED = 20;

/** A config that cannot be used, with all that is wrong with it. */
export class ConfigError extends Error {
  override readonly name: string = "ConfigError";
  /** All that is wrong, in the order of the files. */
  readonly problems: readonly Problem[];

  /**
   * Lists the problems in the message.
   *
   * @param what the config, for example `config "configs/wide.json"`
   * @param problems at least one
   * @param stages the names of the pipeline's stages, for the shorter form of paths
   */
  constructor(
    what: string,
    problems: readonly Problem[],
    stages: readonly (string | undefined)[] = [],
    options?: ErrorOptions,
  ) {
    const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
    const lines = problems.slice(0, LISTED).map((problem) => `\n  ${problemText(problem, stages)}`);
    const more = problems.length - lines.length;
    super(
      `Cannot read ${what}: ${count}${lines.join("")}${more > 0 ? `\n  and ${more} more` : ""}`,
      options,
    );
    this.problems = problems;
  }
}

function problemText(
  { place, path, message }: Problem,
  stages: readonly (string | undefined)[],
): string {
  const where = place &&
    [place.source, place.line, place.column].filter((part) => part !== undefined).join(":");
  const full = pathText(path);
  const short = stagePath(path, stages);
  const paths = short === undefined ? full : `${full} (${short})`;
  return [where, paths, message].filter((part) => part !== undefined && part !== "").join(": ");
}

/** A path as it is written: `pipeline[3].layers[0].units`. */
export function pathText(path: Path): string {
  return path.map((step, index) => {
    if (typeof step === "number") return `[${step}]`;
    const text = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(step) ? step : quote(step);
    return index === 0 ? text : `.${text}`;
  }).join("");
}

/** The path as `--set` takes it, `train.epochs` for `pipeline[3].epochs`, if it is in a stage. */
function stagePath(path: Path, stages: readonly (string | undefined)[]): string | undefined {
  const [first, index, ...rest] = path;
  if (first !== "pipeline" || typeof index !== "number" || rest.length === 0) return undefined;
  const stage = stages[index];
  const unique = stages.filter((name) => name === stage).length === 1;
  return stage !== undefined && unique ? pathText([stage, ...rest]) : undefined;
}

/** A string in quotes, on one line and not long. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return JSON.stringify(short.toWellFormed());
}

/** `"a", "b", "c"`, not many. */
export function list(names: readonly string[]): string {
  const shown = names.slice(0, 30).map(quote).join(", ");
  return names.length > 30 ? `${shown}, …` : shown;
}
