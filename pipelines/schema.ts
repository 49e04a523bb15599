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
import { stageTable } from "./stage_table.ts";

const HELP = `Writes configs/schema.json, from which editors complete and check configs.

Usage:
  deno task schema [--check]

Options:
  --check  write nothing, and fail if the file is not up to date
  --help   show this text

Exit codes: 0 done, 1 failed or not up to date, 2 wrong arguments.`;

/** Runs the command and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const [option, ...rest] = args;
  if (rest.length > 0 || (option !== undefined && !["--check", "--help"].includes(option))) {
    const received = args.map((argument) => `"${argument}"`).join(" ");
    console.error(
      `Cannot run "deno task schema": expected --check or nothing: received ${received}`,
    );
    return 2;
  }
  if (option === "--help") {
    console.log(HELP);
    return 0;
  }
  return await update(fromFileUrl(new URL("../configs/schema.json", import.meta.url)), {
    write: option === undefined,
  });
}

/** Brings the file up to date, or only looks whether it is; returns the exit code. */
async function update(path: string, { write }: { readonly write: boolean }): Promise<number> {
  const text = schemaText(configSchema(stageTable));
  try {
    const old = await readFileIfAny(path, "JSON Schema");
    if (old !== undefined && new TextDecoder().decode(old) === text) return 0;
    if (write) {
      await writeFileAtomic(path, text);
      return 0;
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error.message);
    return 1;
  }
  console.error(`"configs/schema.json" is not up to date: run "deno task schema"`);
  return 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
