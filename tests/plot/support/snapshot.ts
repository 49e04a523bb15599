import { assert } from "@std/assert";

/**
 * Compares a drawing with the file that is kept of it. If they differ, the new drawing is written
 * beside the old one as `<name>.changed.svg`, to be looked at. After that, write the kept files anew:
 *
 *     deno test -A tests/plot tests/report -- --update
 */
export async function assertSnapshot(file: URL, svg: string): Promise<void> {
  const changed = new URL(file.href.replace(/\.svg$/, ".changed.svg"));
  if (Deno.args.includes("--update")) {
    await Deno.mkdir(new URL(".", file), { recursive: true });
    await Deno.writeTextFile(file, svg);
  }
  const kept = await readIfThere(file);
  if (kept === svg) return await removeIfThere(changed);
  await Deno.writeTextFile(changed, svg);
  const name = file.pathname.split("/").at(-1);
  assert(
    false,
    `"${name}" ${kept === undefined ? "is not kept yet" : "has changed"}: look at ` +
      `"${changed.pathname.split("/").at(-1)}" beside it, then run the test with -- --update`,
  );
}

async function readIfThere(file: URL): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function removeIfThere(file: URL): Promise<void> {
  try {
    await Deno.remove(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
