/**
 * Formats the runs of a sweep as shell commands, for programs that start commands on many processors or
 * machines.
 *
 * @module
 */
import type { Invocation } from "../cli/declaration.ts";
import { UsageError } from "../cli/options.ts";

/**
 * Returns a POSIX shell command for each run of a sweep, from the invocation that lists them. Each command
 * first changes to `folder`, so it may be started in any folder.
 *
 * @param count number of runs
 * @param folder working directory, to which paths in arguments and the folder of results are relative
 * @throws {UsageError} if the folder or an argument contains a line break: a command must be one line
 */
export function shardCommands(
  count: number,
  { args, startup }: Pick<Invocation, "args" | "startup">,
  folder: string,
): readonly string[] {
  const typed = args.filter((text) => !/^--list(=|$)/.test(text));
  const broken = [folder, ...typed].find((text) => /[\n\r]/.test(text));
  if (broken !== undefined) {
    throw new UsageError(
      `expected arguments without line breaks beside --list: received ${JSON.stringify(broken)}`,
    );
  }
  const words = typed.map((text) => ` ${shellWord(text)}`).join("");
  return Array.from(
    { length: count },
    (_, index) =>
      `cd ${shellWord(folder)} && ${startup.commandPrefix} sweep --shard ${
        index + 1
      }/${count}${words}`,
  );
}

/** Quotes a text as one word of a POSIX shell, where that is necessary. */
function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
