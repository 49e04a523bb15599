/**
 * `ann`: all commands. Installed, it works in any folder; `deno task NAME` calls it in the project's own.
 *
 * @module
 */
import { isTooOld, OLDEST_DENO } from "../lib/io/environment.ts";
import { printLine, printMessage } from "../lib/io/print.ts";
import { type Caller, callerOf, restrict } from "./cli/caller.ts";
import { call } from "./cli/command.ts";
import { commandsText, helpText } from "./cli/help.ts";
import { commands } from "./commands.ts";

/** The program's folder; none if it was loaded over the network. */
const HOME = import.meta.dirname?.replace(/[\\/]pipelines$/, "") ?? ".";

/** Runs the program; returns the exit code. */
async function main(given: readonly string[]): Promise<number> {
  const { caller, args: [name = "help", ...args] } = callerOf(given, HOME);
  if (name === "--version") {
    printLine(await versionText());
    return 0;
  }
  if (isTooOld(Deno.version.deno)) {
    printMessage(
      `Cannot run "${caller.program} ${name}": expected Deno ${OLDEST_DENO} or newer: ` +
        `received ${Deno.version.deno}: run "deno upgrade"`,
    );
    return 1;
  }
  const command = commands.find((command) => command.name === name);
  if (command !== undefined) {
    const unpacks = command.opensArchives === true && args.some((word) => word.endsWith(".zip"));
    const writes = command.writesOutput === true &&
      args.some((word) => /^--output(=|$)/.test(word));
    const more = unpacks || writes ? ["outputs"] as const : [];
    restrict([...command.needs ?? [], ...more], caller);
    return await call(command, args, caller);
  }
  const asked = commands.find((command) => command.name === args[0]);
  if (!["help", "--help", "-h"].includes(name)) return await refuse(name, caller);
  if (args.length > 0 && asked === undefined) return await refuse(args[0], caller);
  printLine(asked === undefined ? commandsText(commands, caller) : helpText(asked, caller));
  return 0;
}

/** The versions of the program, of the format of its runs, and of Deno. */
async function versionText(): Promise<string> {
  const load = (path: string, options?: ImportCallOptions) =>
    import(import.meta.resolve(path), options);
  const { default: project } = await load("../deno.json", { with: { type: "json" } });
  const { FORMAT_VERSION } = await load("../lib/run/identity.ts");
  const { version: { deno }, build: { target } } = Deno;
  return `ann-mlp ${project.version}, run format ${FORMAT_VERSION}, Deno ${deno} (${target})`;
}

/** Tells that there is no such command, and which there are. */
async function refuse(name: string, { program }: Caller): Promise<number> {
  const { didYouMean } = await import("../lib/config/messages/suggest.ts");
  const known = [...commands.map(({ name }) => name), "help"];
  printMessage(
    `Cannot run "${program} ${name}": expected one of ${known.join(", ")}: received "${name}"` +
      `${didYouMean(name, known)}\nSee "${program} help"`,
  );
  return 2;
}

/** Runs the program, and tells of an error that no command caught, such as a full disk behind stdout. */
async function guarded(): Promise<number> {
  try {
    return await main(Deno.args);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    printMessage(error.message);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await guarded());
