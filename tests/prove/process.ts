/** Processes that a proof starts, and what they print. */

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
export async function output(program: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await started(program, args);
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (code === 0) return out;
  throw new Error(`"${[program, ...args].join(" ")}" ended with ${code}: ${errors || out}`);
}

async function started(program: string, args: readonly string[]): Promise<Deno.CommandOutput> {
  try {
    return await new Deno.Command(program, { args: [...args], env: { NO_COLOR: "1" } }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new MissingError(`no program "${program}"`);
    throw error;
  }
}
