/**
 * `deno task schema`: writes `configs/schema.json`, from which editors complete and check configs.
 * With `--check` it only says whether the file is up to date.
 *
 * @module
 */
import { schemaText } from "../../lib/config/schema_file.ts";
import { configSchema } from "../../lib/config/schema.ts";
import { call } from "../cli/command.ts";
import { generating } from "./generated.ts";
import { stageTable } from "../experiment/stage_table.ts";

const HELP = `Writes configs/schema.json, from which editors complete and check configs.

Usage:
  deno task schema [--check]

Options:
  --check  write nothing, and fail if the file is not up to date
  --help   show this text

Exit codes: 0 done, 1 failed or not up to date, 2 wrong arguments.`;

const command = generating({
  task: "schema",
  help: HELP,
  file: "configs/schema.json",
  content: () => schemaText(configSchema(stageTable)),
});

if (import.meta.main) Deno.exit(await call(command, Deno.args));
