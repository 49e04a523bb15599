import { formatSchemaFile } from "../../lib/config/schemas/schema_file.ts";
import { configSchema } from "../../lib/config/schema.ts";
import { call } from "../cli/command.ts";
import type { Command } from "../cli/declaration.ts";
import { generating } from "./generated.ts";
import { stageTable } from "../experiment/stage_table.ts";

export const command: Command = generating({
  name: "schema",
  summary: "Writes configs/schema.json, with which editors complete and check configs",
  file: "configs/schema.json",
  content: () => formatSchemaFile(configSchema(stageTable)),
});

if (import.meta.main) Deno.exit(await call(command, Deno.args));
