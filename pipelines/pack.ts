import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { dataDir, flag, outputFolder, RUN_NAMES } from "./cli/options.ts";

export const command = defineCommand({
  name: "pack",
  summary: "Packs a finished run into one archive, for sending",
  usage: ["RUN"],
  positionals: { count: [1, 1], expected: "one run folder" },
  about: `${RUN_NAMES}

Members of an ensemble, which lie beside it, are packed too. The commands reproduce,
predict, evaluate and report accept the archive in place of a run folder, and unpack it into received/ in
the folder of results.`,
  options: {
    withData: flag(
      "Pack your own data files too; published data sets are downloaded where they are needed",
    ),
    dataDir,
    output: outputFolder(),
  },
  result:
    `The last line is the archive: a zip file with config, manifest, model, metrics, results and report. The
same run gives the same bytes.`,
  needs: ["outputs"],
  run: runOfModule(import.meta.resolve("./pack/run.ts")),
});
