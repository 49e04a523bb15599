import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { dataDir } from "./cli/options.ts";

export const command = defineCommand({
  name: "data",
  summary: "Lists the data sets, or downloads one for use without a network",
  usage: ["", "fetch NAME"],
  options: { dataDir },
  result:
    "Downloads are kept in the cache folder, unpacked and named by the SHA-256 of their content.",
  needs: ["cache", "mirrors"],
  run: runOfModule(import.meta.resolve("./data/run.ts")),
});
