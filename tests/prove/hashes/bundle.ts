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

/** Takes the prelude's hashes for Node's; what else is imported of Node reads files, and the program reads none. */
function withoutNode(code: string): string {
  return code.replaceAll(
    /^import \{(.*)\} from "node:(.*)";$/gm,
    (_, names: string, module: string) =>
      `const {${names.replaceAll(" as ", ": ")}} = ${module === "crypto" ? "nodeCrypto" : "{}"};`,
  );
}

/** Declares resources as constants: a machine on one thread has nothing to close. */
function withoutUsing(code: string): string {
  return code.replaceAll(/\bawait using (?=\w+ = )/g, "const ");
}
