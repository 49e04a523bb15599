import { formatSchemaFile } from "../../lib/config/schemas/schema_file.ts";
import { configSchema } from "../../lib/config/schema.ts";
import { callCommand } from "../cli/command.ts";
import type { Command } from "../cli/declaration.ts";
import { defineGenerator } from "./generated.ts";
import { stageTable } from "../experiment/stage_table.ts";

export const command: Command = defineGenerator({
  name: "schema",
  summary: "Writes configs/schema.json, with which editors complete and check configs",
  file: "configs/schema.json",
  content: () => formatSchemaFile(configSchema(stageTable)),
});

if (import.meta.main) Deno.exit(await callCommand(command, Deno.args));
