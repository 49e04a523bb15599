import { assertEquals, assertRejects } from "@std/assert";
import bill from "../../../lib/docs/sbom.json" with { type: "json" };
import { billOfMaterials, type Lock } from "../../../pipelines/tools/sbom.ts";

const INTEGRITY = "sha512-AAEC/w==";

const LOCK: Lock = {
  specifiers: { "npm:@a/b@^1.0.0": "1.2.3", "npm:fast-check@2.0.0": "2.0.0" },
  npm: {
    "@a/b@1.2.3": { integrity: INTEGRITY, dependencies: ["c"] },
    "c@0.1.0": { integrity: INTEGRITY },
    "d@0.2.0": { integrity: INTEGRITY },
    "fast-check@2.0.0": { integrity: INTEGRITY, dependencies: ["c", "d@0.2.0"] },
  },
};

Deno.test("billOfMaterials() distinguishes packages of the program from those of development", async () => {
  const licenceOf = (name: string) => Promise.resolve(name === "c" ? "MIT OR ISC" : "MIT");
  const { components, dependencies } = await billOfMaterials(LOCK, licenceOf) as typeof bill;
  const rows = components.map(({ name, version, scope }) => [name, version, scope]);
  assertEquals(rows, [
    ["@a/b", "1.2.3", "required"],
    ["c", "0.1.0", "required"],
    ["d", "0.2.0", "excluded"],
    ["fast-check", "2.0.0", "excluded"],
  ]);
  const [first, second] = components;
  assertEquals(first.purl, "pkg:npm/%40a/b@1.2.3");
  assertEquals(first.hashes, [{ alg: "SHA-512", content: "000102ff" }]);
  assertEquals<unknown>([first.licenses, second.licenses], [
    [{ license: { id: "MIT" } }],
    [{ expression: "MIT OR ISC" }],
  ]);
  assertEquals(dependencies.map(({ dependsOn }) => dependsOn), [
    ["@a/b@1.2.3", "fast-check@2.0.0"],
    ["c@0.1.0"],
    [],
    [],
    ["c@0.1.0", "d@0.2.0"],
  ]);
});

Deno.test("billOfMaterials() rejects a dependency that the lock file lacks", async () => {
  const lock = { ...LOCK, npm: { "@a/b@1.2.3": { integrity: INTEGRITY, dependencies: ["e"] } } };
  const made = () => billOfMaterials(lock, () => Promise.resolve("MIT"));
  await assertRejects(made, SyntaxError, 'expected a package "e"');
});

Deno.test("the bill of materials has every package of the lock file, each with a licence", async () => {
  const path = new URL("../../../deno.lock", import.meta.url);
  const { npm }: Lock = JSON.parse(await Deno.readTextFile(path));
  const listed = bill.components.map((component) => component["bom-ref"]);
  assertEquals(listed, Object.keys(npm));
  for (const { licenses, name } of bill.components) assertEquals(licenses.length, 1, name);
});
