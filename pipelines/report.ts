/**
 * `deno task report`: draws the report of a finished run again.
 *
 * @module
 */
import { call, type Command, UsageError } from "./command.ts";

const HELP = `Draws report.svg and charts/ of a finished run again, without training.

Usage:
  deno task report RUN [OPTIONS]

RUN is a run folder, for example the last line that deno task train printed.

Options:
  --png   a PNG beside each SVG, in light colours and twice the size
  --help  show this text

The last line of the output is the report. Exit codes: 0 done, 1 failed, 2 wrong arguments.`;

const command: Command = {
  task: "report",
  help: HELP,
  flags: ["png"],
  async run({ words: [path, ...more], flags }) {
    if (path === undefined || more.length > 0) {
      throw new UsageError(
        `expected one run folder: received ${more.length + (path === undefined ? 0 : 1)}`,
      );
    }
    const { drawRun } = await import("./drawing.ts");
    const report = await drawRun(path);
    if (flags.has("png")) await (await import("../lib/io/raster.ts")).writeImages(path);
    console.log(report);
    return 0;
  },
};

if (import.meta.main) Deno.exit(await call(command, Deno.args));
