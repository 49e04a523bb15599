import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { anyText, optional, outputFile, png, RUN_NAMES } from "./cli/options.ts";

export const command = defineCommand({
  name: "report",
  summary: "Draws report.svg and charts/ of a finished run again, without training",
  usage: ["RUN"],
  words: { count: [1, 1], expected: "one run folder" },
  about: RUN_NAMES,
  options: {
    panels: optional(
      "NAMES",
      "Draw these panels alone, for example result,loss,mistakes; those of the run's config if not given",
      anyText,
    ),
    output: outputFile(
      "svg",
      "Draw the report into FILE, in outputs/, and leave the run folder as it is",
    ),
    png,
  },
  result: "The last line of the output is the report.",
  needs: ["outputs"],
  opensArchives: true,
  run: runOf(import.meta.resolve("./report/run.ts")),
});
