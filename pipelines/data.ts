import { call, runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { dataDir } from "./cli/options.ts";

export const command = defineCommand({
  name: "data",
  summary: "Lists the data sets, or fetches one so that it can be used without a network",
  usage: ["list", "fetch NAME"],
  options: { dataDir },
  result: "Fetched files lie in .cache/, unpacked and named by the SHA-256 of their content.",
  run: runOf(import.meta.resolve("./data/run.ts")),
});

if (import.meta.main) Deno.exit(await call(command, Deno.args));
