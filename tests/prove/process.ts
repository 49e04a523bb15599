/** Processes that a proof starts, and what they print. */

/** The most characters of what a program printed last that a message quotes. */
const MOST_SAID = 500;

/** Options of running a program. */
export interface ProcessOptions {
  /** Its working folder. Defaults to that of this process. */
  readonly folder?: string;
  /** Environment variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the program's output can be read. Defaults to "piped". */
  readonly output?: "piped" | "null";
}

/** Thrown when a program is not installed. */
export class MissingError extends Error {
  override readonly name: string = "MissingError";
}

/**
 * Runs a program; returns what it printed.
 *
 * @throws {MissingError} if there is no such program
 * @throws {Error} if it fails
 */
export async function output(
  program: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await start(program, args, options).output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (code === 0) return out;
  const said = (errors || out).slice(-MOST_SAID);
  throw new Error(`"${[program, ...args].join(" ")}" ended with ${code}: ${said}`);
}

/**
 * Starts a program.
 *
 * @throws {MissingError} if there is no such program
 */
export function start(
  program: string,
  args: readonly string[],
  { folder = ".", env, output = "piped" }: ProcessOptions = {},
): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args: [...args],
      cwd: folder,
      env: { NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: output,
      stderr: output,
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new MissingError(`no program "${program}"`);
    throw error;
  }
}

/** Runs something emulated, and once more if it fails: now and then an emulated process is stuck or ends. */
export async function twice<Result>(
  attempt: () => Promise<Result>,
  log: (line: string) => void,
): Promise<Result> {
  try {
    return await attempt();
  } catch (error) {
    log(`once more: ${error}`);
    return await attempt();
  }
}
