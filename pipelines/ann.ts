/**
 * The program `ann` with all its commands. It works in any folder once installed; `deno task NAME` runs it
 * from a clone of the project.
 *
 * @module
 */
import { isDenoTooOld, OLDEST_DENO } from "../lib/io/environment.ts";
import { printLine, printMessage } from "../lib/io/print.ts";
import { detectStartup, restrictPermissions, type Startup } from "./cli/startup.ts";
import { callCommand } from "./cli/command.ts";
import { formatCommandList, formatHelp } from "./cli/help.ts";
import { commands } from "./commands.ts";

/** Folder of the program; the working folder if the program was loaded over the network. */
const HOME = import.meta.dirname?.replace(/[\\/]pipelines$/, "") ?? ".";

/** Runs the program. Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const { startup, args: [name = "help", ...args] } = detectStartup(argv, HOME);
  if (name === "--version") {
    printLine(await versionText());
    return 0;
  }
  if (isDenoTooOld(Deno.version.deno)) {
    printMessage(
      `Cannot run "${startup.commandPrefix} ${name}": expected Deno ${OLDEST_DENO} or newer: ` +
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
    restrictPermissions([...command.needs ?? [], ...more], startup);
    return await callCommand(command, args, startup);
  }
  const topic = commands.find((command) => command.name === args[0]);
  if (!["help", "--help", "-h"].includes(name)) return await reportUnknownCommand(name, startup);
  if (args.length > 0 && topic === undefined) return await reportUnknownCommand(args[0], startup);
  printLine(
    topic === undefined ? formatCommandList(commands, startup) : formatHelp(topic, startup),
  );
  return 0;
}

/** Returns the versions of the program, of its run format, and of Deno. */
async function versionText(): Promise<string> {
  const load = (path: string, options?: ImportCallOptions) =>
    import(import.meta.resolve(path), options);
  const { default: project } = await load("../deno.json", { with: { type: "json" } });
  const { FORMAT_VERSION } = await load("../lib/run/identity.ts");
  const { version: { deno }, build: { target } } = Deno;
  return `ann-mlp ${project.version}, run format ${FORMAT_VERSION}, Deno ${deno} (${target})`;
}

/** Prints an error about an unknown command and the names of all commands. Returns the exit code. */
async function reportUnknownCommand(name: string, { commandPrefix }: Startup): Promise<number> {
  const { didYouMean } = await import("../lib/config/messages/suggest.ts");
  const known = [...commands.map(({ name }) => name), "help"];
  printMessage(
    `Cannot run "${commandPrefix} ${name}": expected one of ${
      known.join(", ")
    }: received "${name}"` +
      `${didYouMean(name, known)}\nSee "${commandPrefix} help"`,
  );
  return 2;
}

/** Runs the program, and prints errors that no command caught, such as a full disk behind stdout. */
async function runAndReportErrors(): Promise<number> {
  try {
    return await main(Deno.args);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    printMessage(error.message);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await runAndReportErrors());
