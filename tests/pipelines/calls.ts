/**
 * Calls a command again and again in one process, with the permissions of its task. Starting a process and
 * loading the engine takes several times as long as most calls.
 *
 * Its argument is the command's module. Each line of stdin is a JSON list of arguments; for each, a line of
 * stdout says how the call ended.
 *
 * @module
 */
import { linesOf } from "./lines.ts";
import { call } from "../../pipelines/cli/command.ts";

const print = console.log;
const [module = ""] = Deno.args;
const { command } = await import(module);
for await (const line of linesOf(Deno.stdin.readable)) {
  const written = { stdout: "", stderr: "" };
  console.log = (text) => written.stdout += `${text}\n`;
  console.error = (text) => written.stderr += `${text}\n`;
  Deno.stderr.writeSync = (bytes) => {
    written.stderr += new TextDecoder().decode(bytes);
    return bytes.length;
  };
  print(JSON.stringify({ code: await call(command, JSON.parse(line)), ...written }));
}
