import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { dataDir, flag, outputFolder, RUN_NAMES } from "./cli/options.ts";

export const command = defineCommand({
  name: "pack",
  summary: "Packs a finished run into one archive, to send it",
  usage: ["RUN"],
  words: { count: [1, 1], expected: "one run folder" },
  about: `${RUN_NAMES}

The members of an ensemble, which must lie beside it, are packed too. The commands
reproduce, predict, evaluate and report take the archive in the place of a run folder, and unpack it to
received/ in the folder of results.`,
  options: {
    withData: flag(
      "Pack the data set's files of yours, too; others are downloaded wherever they are needed",
    ),
    dataDir,
    output: outputFolder(),
  },
  result:
    `The last line is the archive, a zip of config, manifest, model, metrics, results and report. The same run
gives the same bytes.`,
  needs: ["outputs"],
  run: runOf(import.meta.resolve("./pack/run.ts")),
});
