import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { flag } from "./cli/options.ts";

export const command = defineCommand({
  name: "exercise",
  summary: "Writes an exercise in backpropagation, or judges its solution",
  usage: ["", "NAME [--check]"],
  positionals: { count: [0, 1], expected: "one exercise" },
  about:
    `Without NAME it lists the exercises. NAME writes a file with a function to complete into exercises/ in the
folder of results. --check compares the results of that function with those of the solution.`,
  options: {
    check: flag("Judge the function instead of writing the file"),
  },
  result:
    `The first line of a judgement is "equal", "approximately equal" (the same formula, rounded otherwise) or
"different", with the element that differs.`,
  exits: { 1: "the function is different or unfinished" },
  needs: ["outputs"],
  run: runOfModule(import.meta.resolve("./exercise/run.ts")),
});
