import { assertEquals, assertStringIncludes } from "@std/assert";

const SCRIPT = new URL("../../../pipelines/tools/schema.ts", import.meta.url).pathname;

/** Runs `deno task schema`, without permission to write. */
async function schema(...args: readonly string[]) {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-read", SCRIPT, ...args],
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("schema --check finds configs/schema.json up to date and writes nothing", async () => {
  assertEquals(await schema("--check"), { code: 0, stdout: "", stderr: "" });
});

Deno.test("schema exits with 2 on wrong arguments, and prints its usage", async () => {
  const { code, stderr } = await schema("--chek");
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'received "--chek"');
  const help = await schema("--help");
  assertEquals(help.code, 0);
  assertStringIncludes(help.stdout, "deno task schema [OPTIONS]");
  assertStringIncludes(help.stdout, "  --check  ");
});
