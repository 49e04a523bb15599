/**
 * The program as one file that engines older than parts of the language run.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { output } from "../process.ts";

const here = (name: string) => fromFileUrl(new URL(name, import.meta.url));

/** Writes the program to a file. */
export async function writeBundle(path: string): Promise<void> {
  const args = ["bundle", "--quiet", "--platform", "browser", "--output", path, here("program.ts")];
  await output(Deno.execPath(), args);
  const prelude = await Deno.readTextFile(here("prelude.js"));
  const bundle = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, prelude + withoutUsing(withoutNode(bundle)));
}

/** Leaves out what is imported of Node, which reads files only, and the program reads none. */
function withoutNode(code: string): string {
  return code.replaceAll(
    /^import \{(.*)\} from "node:.*";$/gm,
    (_, names: string) => `const {${names.replaceAll(" as ", ": ")}} = {};`,
  );
}

/** Declares resources as constants: a machine on one thread has nothing to close. */
function withoutUsing(code: string): string {
  return code.replaceAll(/\bawait using (?=\w+ = )/g, "const ");
}
