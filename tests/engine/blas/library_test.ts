import { assertEquals, assertThrows } from "@std/assert";
import { blas } from "../../../lib/engine/blas/blas.ts";
import { native } from "../../../lib/io/native.ts";
import { parseMklDescription } from "../../../lib/engine/blas/library.ts";
import { inWorkspace, writeTiny } from "../../pipelines/workspace.ts";

Deno.test({
  name: "blas() names the task that may call native code if this program may not",
  permissions: { ffi: false },
  fn: () =>
    void assertThrows(() => blas(native), Deno.errors.NotCapable, 'use "deno task train:blas"'),
});

Deno.test("parseMklDescription() parses version and processor in MKL's description of itself", () => {
  assertEquals(
    parseMklDescription(
      "Intel(R) oneAPI Math Kernel Library Version 2023.1-Product Build 20230303 " +
        "for Intel(R) 64 architecture applications\0\0",
    ),
    { version: "2023.1-Product", coreType: "Intel(R) 64 architecture" },
  );
  assertEquals(parseMklDescription(""), { version: "unknown", coreType: "unknown" });
});

Deno.test("train rejects --backend blas without permission, and files that are not libraries", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const before = workspace.list();
    const [forbidden, wrong, missing] = await Promise.all([
      workspace.runAlone("train", ["tiny.json", "--backend", "blas"]),
      workspace.runAlone("train:blas", ["tiny.json", "--blas", "./tiny.json"]),
      workspace.runAlone("train:blas", ["tiny.json", "--blas", "/nowhere/libblas.so"]),
    ]);
    assertEquals(forbidden, {
      code: 1,
      stdout: "",
      stderr: "Cannot use a BLAS library: expected permission to call native code: " +
        'received none: use "deno task train:blas", which alone has it\n',
    });
    for (
      const [ended, path] of [[wrong, "./tiny.json"], [missing, "/nowhere/libblas.so"]] as const
    ) {
      assertEquals([ended.code, ended.stdout], [1, ""]);
      const start = `Cannot use "${path}": expected a BLAS library: received `;
      assertEquals(ended.stderr.slice(0, start.length), start);
    }
    assertEquals(workspace.list(), before);
  }));
