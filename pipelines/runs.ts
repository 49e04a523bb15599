import { call, runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { anyText, withDefault } from "./cli/options.ts";

export const command = defineCommand({
  name: "runs",
  summary: "Lists the runs with their accuracy and size, or removes some by name",
  usage: ["", "remove NAME..."],
  options: { output: withDefault("DIR", "outputs", "Where the runs are", anyText) },
  run: runOf(import.meta.resolve("./runs/run.ts")),
});

if (import.meta.main) Deno.exit(await call(command, Deno.args));
