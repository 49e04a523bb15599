import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { anyText, optional, outputFile, png, RUN_NAMES } from "./cli/options.ts";

export const command = defineCommand({
  name: "report",
  summary: "Draws report.svg and charts/ of a finished run again, without training",
  usage: ["RUN"],
  positionals: { count: [1, 1], expected: "one run folder" },
  about: RUN_NAMES,
  options: {
    panels: optional(
      "NAMES",
      "Panels to draw, separated by commas: result,loss,mistakes. Defaults to those of the run's config",
      anyText,
    ),
    output: outputFile(
      "svg",
      "Write the report to FILE, in outputs/, and leave the run folder unchanged",
    ),
    png,
  },
  result: "The last line of the output is the path of the report.",
  needs: ["outputs"],
  opensArchives: true,
  run: runOfModule(import.meta.resolve("./report/run.ts")),
});
