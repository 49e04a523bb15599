/**
 * Commands that write a file of the project from others, or with `--check` say whether it is what
 * they would write.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { readFileIfAny, writeFileAtomic } from "../../lib/io/files.ts";
import { type Command, UsageError } from "../cli/command.ts";

/** A file that is made from others. */
export interface Generated {
  /** Name of the task that makes it. */
  readonly task: string;
  /** What --help prints. */
  readonly help: string;
  /** Its path from the project's folder. */
  readonly file: string;
  /** Its content, as it should be. */
  content(): Promise<string> | string;
}

/** The command that brings a generated file up to date, or with --check looks whether it is. */
export function generating({ task, help, file, content }: Generated): Command {
  return {
    task,
    help,
    flags: ["check"],
    async run({ words, flags }) {
      if (words.length > 0) {
        throw new UsageError(`expected --check or nothing: received "${words.join(" ")}"`);
      }
      const path = fromFileUrl(new URL(`../../${file}`, import.meta.url));
      const [text, old] = [await content(), await readFileIfAny(path, file)];
      if (old !== undefined && new TextDecoder().decode(old) === text) return 0;
      if (!flags.has("check")) {
        await writeFileAtomic(path, text);
        return 0;
      }
      console.error(`"${file}" is not up to date: run "deno task ${task}"`);
      return 1;
    },
  };
}
