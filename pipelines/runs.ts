/**
 * `deno task runs`: lists the runs in outputs/, or removes some by name.
 *
 * @module
 */

const HELP = `Lists the runs with their accuracy and size, or removes some by name.

Usage:
  deno task runs [--output DIR]
  deno task runs remove NAME... [--output DIR]

Options:
  --output DIR  where the runs are; "outputs" if not given
  --help        show this text

Exit codes: 0 done, 1 failed, 2 wrong arguments.`;

/** What the arguments ask for. */
type Command =
  | { readonly command: "help" }
  | { readonly command: "list"; readonly output: string }
  | { readonly command: "remove"; readonly output: string; readonly names: readonly string[] }
  | { readonly command: "wrong"; readonly problem: string };

/** Runs the command that the arguments name and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const asked = await readArguments(args);
    switch (asked.command) {
      case "help":
        console.log(HELP);
        return 0;
      case "wrong":
        console.error(`Cannot run "deno task runs": ${asked.problem}\nSee "deno task runs --help"`);
        return 2;
      case "list":
        return await list(asked.output);
      case "remove":
        return await remove(asked.output, asked.names);
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error.message);
    return 1;
  }
}

async function readArguments(args: readonly string[]): Promise<Command> {
  const { parseArgs } = await import("@std/cli/parse-args");
  const unknown: string[] = [];
  const { _: words, help, output = "outputs" } = parseArgs(args, {
    boolean: ["help"],
    string: ["_", "output"],
    alias: { help: "h" },
    unknown(argument, key) {
      if (key !== undefined) unknown.push(argument);
    },
  });
  const wrong = (problem: string): Command => ({ command: "wrong", problem });
  if (unknown.length > 0) return wrong(`expected --output or --help: received "${unknown[0]}"`);
  if (help === true) return { command: "help" };
  if (typeof output !== "string" || output === "") return wrong("expected a folder after --output");
  const [command, ...names] = words.map(String);
  if (command === undefined) return { command: "list", output };
  if (command !== "remove") return wrong(`expected "remove" or nothing: received "${command}"`);
  if (names.length === 0) return wrong("expected the names of runs to remove: received none");
  return { command: "remove", output, names: [...new Set(names)] };
}

/** Prints a table of the runs and returns the exit code. */
async function list(output: string): Promise<number> {
  const { listRuns } = await import("../lib/io/runs.ts");
  const { byteCount } = await import("../lib/io/text.ts");
  const { runTable } = await import("../lib/run/listing.ts");
  const runs = await listRuns(output);
  if (runs.length === 0) console.error(`no runs in "${output}"`);
  else console.log(runTable(runs, byteCount).join("\n"));
  return 0;
}

/** Removes all the named runs, or none if one of the names is wrong; returns the exit code. */
async function remove(output: string, names: readonly string[]): Promise<number> {
  const { removeRun, runNames } = await import("../lib/io/runs.ts");
  const { nearest } = await import("../lib/config/suggest.ts");
  const runs = await runNames(output);
  for (const name of names.filter((name) => !runs.includes(name))) {
    const near = nearest(name, runs);
    throw new RangeError(
      `Cannot remove run: expected the name of a run in "${output}": received "${name}"` +
        (near === undefined ? "" : `: did you mean "${near}"?`),
    );
  }
  for (const name of names) {
    await removeRun(output, name);
    console.log(`removed ${name}`);
  }
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
