import { dirname, fromFileUrl, join, relative, resolve, toFileUrl } from "@std/path";
import { judgeImplementation } from "../../lib/analysis/exercise/judge.ts";
import { exercises } from "../../lib/analysis/exercise/exercises.ts";
import { type Exercise, starterSource } from "../../lib/analysis/exercise/exercise.ts";
import { didYouMean } from "../../lib/config/messages/suggest.ts";
import { formatTable, left } from "../../lib/format/text_table.ts";
import { readFileIfAny, writeFileAtomic } from "../../lib/io/files.ts";
import { printLine } from "../../lib/io/print.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import { UsageError } from "../cli/options.ts";
import type { command } from "../exercise.ts";

export async function run(
  { positionals: [name], options: { check }, startup }: InvocationOf<typeof command>,
): Promise<number> {
  const folder = join(startup.outputs, "exercises");
  if (name === undefined) {
    if (check) throw new UsageError("expected an exercise with --check: received none");
    const rows = exercises.map(({ name, summary }) => [name, summary]);
    formatTable({ columns: [left("exercise"), left("function to write")], rows }).forEach(
      printLine,
    );
    return 0;
  }
  const exercise = exercises.find((each) => each.name === name);
  if (exercise === undefined) {
    const names = exercises.map(({ name }) => name);
    throw new UsageError(
      `expected one of ${names.join(", ")}: received "${name}"${didYouMean(name, names)}`,
    );
  }
  const path = join(folder, `${exercise.name.replaceAll("-", "_")}.ts`);
  return check
    ? await judgeFile(exercise, path, startup.commandPrefix)
    : await writeExercise(exercise, path, startup.commandPrefix);
}

/** Writes the file that a user completes, unless it exists. Returns the exit code. */
async function writeExercise(
  exercise: Exercise,
  path: string,
  commandPrefix: string,
): Promise<number> {
  if (await readFileIfAny(path, "exercise") !== undefined) {
    printLine(`${path} exists and stays as it is`);
  } else {
    const text = starterSource(exercise, libraryPathFrom(resolve(dirname(path))));
    await writeFileAtomic(path, new TextEncoder().encode(text));
    printLine(path);
  }
  printLine(`complete the function, then: ${commandPrefix} exercise ${exercise.name} --check`);
  return 0;
}

/**
 * Returns the path of the folder lib/ relative to `folder`, for the import statements of modules in `folder`.
 * Returns a URL if the program was loaded over the network.
 */
function libraryPathFrom(folder: string): string {
  const url = import.meta.resolve("../../lib/");
  if (!url.startsWith("file:")) return url; // loaded over the network
  return `${relative(folder, fromFileUrl(url)).replaceAll("\\", "/")}/`;
}

/**
 * Compares the function in a user's file with the solution of an exercise, and prints the verdict. Returns
 * the exit code: 0 if they are equal up to rounding, 1 otherwise.
 *
 * @throws {Error} if the file is missing or does not export the function
 */
async function judgeFile(
  exercise: Exercise,
  path: string,
  commandPrefix: string,
): Promise<number> {
  const { name, exported } = exercise;
  if (await readFileIfAny(path, "exercise") === undefined) {
    throw new Error(
      `Cannot judge "${name}": expected the file "${resolve(path)}": it does not exist: ` +
        `"${commandPrefix} exercise ${name}" writes it`,
    );
  }
  const { [exported]: written } = await importModule(path);
  if (typeof written !== "function") {
    throw new Error(
      `Cannot judge "${path}": expected an exported function ${exported}(): received ${typeof written}`,
    );
  }
  const { kind, lines } = judgeImplementation(exercise, written);
  for (const line of lines) printLine(line);
  return kind === "equal" || kind === "close" ? 0 : 1;
}

/**
 * Imports a module that the user has written, and returns its exports by name.
 *
 * @throws {Error} if the module cannot be imported
 */
async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(toFileUrl(resolve(path)).href);
  } catch (error) {
    throw new Error(`Cannot load "${path}": ${error instanceof Error ? error.message : error}`);
  }
}
