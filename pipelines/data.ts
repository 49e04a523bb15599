import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { dataDir } from "./cli/options.ts";

export const command = defineCommand({
  name: "data",
  summary: "Lists the data sets, or fetches one so that it can be used without a network",
  usage: ["", "fetch NAME"],
  options: { dataDir },
  result:
    "Fetched files lie in the folder of downloads, unpacked and named by the SHA-256 of their content.",
  needs: ["cache", "mirrors"],
  run: runOf(import.meta.resolve("./data/run.ts")),
});
