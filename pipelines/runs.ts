import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";

export const command = defineCommand({
  name: "runs",
  summary: "Lists the runs with their accuracy and size, or removes some by name",
  usage: ["", "remove NAME..."],
  options: {
    output: {
      kind: "value",
      placeholder: "DIR",
      doc: "Where the runs are",
      default: "outputs",
      read: ([path], _, { outputs }) => path ?? outputs,
    },
  },
  needs: ["outputs"],
  run: runOf(import.meta.resolve("./runs/run.ts")),
});
