/**
 * `deno task schema`: writes `configs/schema.json`, from which editors complete and check configs.
 * With `--check` it only says whether the file is up to date.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { schemaText } from "../lib/config/json_schema.ts";
import { configSchema } from "../lib/config/schema.ts";
import { readFileIfAny, writeFileAtomic } from "../lib/io/files.ts";
import { call, type Command, UsageError } from "./command.ts";
import { stageTable } from "./stage_table.ts";

const HELP = `Writes configs/schema.json, from which editors complete and check configs.

Usage:
  deno task schema [--check]

Options:
  --check  write nothing, and fail if the file is not up to date
  --help   show this text

Exit codes: 0 done, 1 failed or not up to date, 2 wrong arguments.`;

const command: Command = {
  task: "schema",
  help: HELP,
  flags: ["check"],
  run({ words, flags }) {
    if (words.length > 0) {
      throw new UsageError(`expected --check or nothing: received "${words.join(" ")}"`);
    }
    const path = fromFileUrl(new URL("../configs/schema.json", import.meta.url));
    return update(path, { write: !flags.has("check") });
  },
};

/** Brings the file up to date, or only looks whether it is; returns the exit code. */
async function update(path: string, { write }: { readonly write: boolean }): Promise<number> {
  const text = schemaText(configSchema(stageTable));
  const old = await readFileIfAny(path, "JSON Schema");
  if (old !== undefined && new TextDecoder().decode(old) === text) return 0;
  if (write) {
    await writeFileAtomic(path, text);
    return 0;
  }
  console.error(`"configs/schema.json" is not up to date: run "deno task schema"`);
  return 1;
}

if (import.meta.main) Deno.exit(await call(command, Deno.args));
