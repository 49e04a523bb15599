/**
 * Commands that generate a file of the project; with `--check` they only report whether it is up to date.
 *
 * @module
 */
import { printMessage } from "../../lib/io/print.ts";
import { fromFileUrl } from "@std/path";
import { readFileIfAny, writeFileAtomic } from "../../lib/io/files.ts";
import { type Command, defineCommand } from "../cli/declaration.ts";
import { flag } from "../cli/options.ts";

/** A file of the project that a command generates, with the command's name and summary. */
interface GeneratedFile extends Pick<Command, "name" | "summary"> {
  /** Path of the file in the project. */
  readonly file: string;
  /** Returns the text of the file. */
  content(): Promise<string> | string;
}

/**
 * Returns a command that writes a generated file if it changed or, with `--check`, writes nothing and fails
 * if the file is not up to date.
 */
export function defineGenerator({ name, summary, file, content }: GeneratedFile): Command {
  return defineCommand({
    name,
    summary,
    usage: [""],
    positionals: { count: [0, 0], expected: "--check or nothing" },
    options: { check: flag("Write nothing, and fail if the file is not up to date") },
    exits: { 1: "failed or not up to date" },
    async run({ options: { check } }) {
      const path = fromFileUrl(new URL(`../../${file}`, import.meta.url));
      const [text, old] = [await content(), await readFileIfAny(path, file)];
      if (old !== undefined && new TextDecoder().decode(old) === text) return;
      if (check) {
        printMessage(`"${file}" is not up to date: run "deno task ${name}"`);
        return 1;
      }
      await writeFileAtomic(path, text);
    },
  });
}
