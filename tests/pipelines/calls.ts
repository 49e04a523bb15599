/**
 * Calls a command several times in one process, with the permissions of its task, and prints how each
 * call ended as JSON. Starting a process for each message takes longer than the message.
 *
 * Its arguments are the command's module and a JSON list of the lists of arguments.
 *
 * @module
 */
import { call } from "../../pipelines/cli/command.ts";

const print = console.log;
const [module = "", calls = "[]"] = Deno.args;
const { command } = await import(module);
const ended: unknown[] = [];
for (const args of JSON.parse(calls)) {
  const written = { stdout: "", stderr: "" };
  console.log = (text) => written.stdout += `${text}\n`;
  console.error = (text) => written.stderr += `${text}\n`;
  Deno.stderr.writeSync = (bytes) => {
    written.stderr += new TextDecoder().decode(bytes);
    return bytes.length;
  };
  ended.push({ code: await call(command, args), ...written });
}
print(JSON.stringify(ended));
