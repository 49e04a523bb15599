/**
 * `deno task report`: draws the report of a finished run again.
 *
 * @module
 */
import { call, type Command, drawImages, UsageError } from "./cli/command.ts";

const HELP = `Draws report.svg and charts/ of a finished run again, without training.

Usage:
  deno task report RUN [OPTIONS]

RUN is a run folder, for example the last line that deno task train printed.

Options:
  --panels NAMES  draw these panels alone, for example result,loss,mistakes; those of the run's config
                  if not given
  --png           a PNG beside each SVG, in light colours and twice the size
  --help          show this text

The last line of the output is the report. Exit codes: 0 done, 1 failed, 2 wrong arguments.`;

const command: Command = {
  task: "report",
  help: HELP,
  flags: ["png"],
  values: ["panels"],
  async run(given) {
    const [path, ...more] = given.words;
    if (path === undefined || more.length > 0) {
      throw new UsageError(
        `expected one run folder: received ${more.length + (path === undefined ? 0 : 1)}`,
      );
    }
    const { drawRun } = await import("./experiment/draw_report.ts");
    const report = await drawRun(path, await panelsOf(given.value("panels")));
    await drawImages(given, path);
    console.log(report);
    return 0;
  },
};

/** The names after --panels, each of which must be that of a panel. */
async function panelsOf(text: string | undefined): Promise<readonly string[] | undefined> {
  if (text === undefined) return undefined;
  const { panels } = await import("../lib/report/mod.ts");
  const [known, names] = [Object.keys(panels), text.split(",")];
  if (names.every((name) => known.includes(name))) return names;
  throw new UsageError(`expected panels out of ${known.join(", ")}: received "${text}"`);
}

if (import.meta.main) Deno.exit(await call(command, Deno.args));
