/**
 * `deno task verify`: trains recipes anew, and compares them with what is known of them.
 *
 * @module
 */
import {
  type Arguments,
  call,
  type Command,
  detailOf,
  expectWritable,
  onInterrupt,
  STOPPED,
  threadsOf,
  UsageError,
} from "../cli/command.ts";

const HELP =
  `Trains recipes anew, and holds them to their accuracy and, to the last bit, to what they learned.

Usage:
  deno task verify [NAME...] [OPTIONS]

NAME is a recipe, the name of a config without ".json": mnist, mnist_minute; all of them if none is given,
which takes hours. What is known of a recipe lies in outputs/samples/NAME.

Options:
  --all-seeds     train every seed that is known, and not the config's own alone
  --data-dir DIR  take the data sets' files from DIR, or from DIR/NAME, in place of the network
  --output DIR    where run folders are made, under outputs/; "outputs/verified" if not given
  --keep          take runs that are finished there as they are, and go on with others; without it,
                  all are trained anew
  --threads N     workers for all runs together, with the same results; all processors if not given
  --update        write what they came to as what is known from now on
  --quiet         show nothing but failures and the table
  --help          show this text

The table goes to stdout. A committee's members are trained too. Ctrl-C stops all runs after their
current steps; with --keep, the same command goes on from there.
Exit codes: 0 all as known, 1 something is not, 2 wrong arguments, 130 stopped by Ctrl-C.`;

const command: Command = {
  task: "verify",
  help: HELP,
  flags: ["all-seeds", "keep", "update", "quiet"],
  values: ["data-dir", "output", "threads"],
  async run(given) {
    const output = given.value("output") ?? "outputs/verified";
    expectWritable(output);
    const workers = await threadsOf(given);
    const { recipes } = await import("./recipes.ts");
    const names = await namesOf(given, Object.keys(recipes));
    const { verify } = await import("./verify_recipes.ts");
    const { StoppedError } = await import("../experiment/stages.ts");
    using interrupt = onInterrupt();
    try {
      const { table, means, faults } = await verify({
        recipes,
        samples: "outputs/samples",
        names,
        allSeeds: given.flags.has("all-seeds"),
        update: given.flags.has("update"),
        fresh: !given.flags.has("keep"),
        output,
        dataDirectory: given.value("data-dir"),
        cacheDirectory: ".cache",
        workers,
        detail: detailOf(given),
        signal: interrupt.signal,
      });
      for (const line of [...table, ...means]) console.log(line);
      for (const fault of faults) console.error(fault);
      return faults.length === 0 ? 0 : 1;
    } catch (error) {
      if (!(error instanceof StoppedError)) throw error;
      console.error("stopped: the same command with --keep goes on from here");
      return STOPPED;
    }
  },
};

/** The recipes that are named, in the order of all; all of them if none is. */
async function namesOf({ words }: Arguments, known: readonly string[]): Promise<readonly string[]> {
  const wrong = words.find((name) => !known.includes(name));
  if (wrong === undefined) {
    return words.length === 0 ? known : known.filter((name) => words.includes(name));
  }
  const { nearest } = await import("../../lib/config/suggest.ts");
  const near = nearest(wrong, known);
  throw new UsageError(
    `expected recipes out of ${known.join(", ")}: received "${wrong}"` +
      (near === undefined ? "" : `: did you mean "${near}"?`),
  );
}

if (import.meta.main) Deno.exit(await call(command, Deno.args));
