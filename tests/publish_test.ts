/** The package, as far as it can be checked without a registry. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { fromFileUrl } from "@std/path";
import project from "../deno.json" with { type: "json" };

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** Output of a dry run of `deno publish`, without colours; it fails on slow types. */
async function dryRun(): Promise<string> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stderr);
  assert(success, text);
  return text;
}

Deno.test("deno publish accepts the package: no slow types, and only the program's files", async () => {
  const text = await dryRun();
  const root = new URL("../", import.meta.url).href;
  const files = [...text.matchAll(/^ +(file:\S+) \(/gm)].map(([, url = ""]) =>
    url.replace(root, "")
  );
  assertGreater(files.length, 500);
  const others = files.filter((path) =>
    !/^(lib|pipelines|configs)\/|^(mod\.ts|deno\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(path)
  );
  assertEquals(others, ["tests/fixtures/iris.csv"]); // the data of configs/iris.json
  for (const path of Object.values(project.exports)) assert(files.includes(path.slice(2)), path);
});

Deno.test("the workflows use the versions of Deno that the gate and the program name", async () => {
  const workflow = await Deno.readTextFile(`${ROOT}.github/workflows/ci.yml`);
  const gate = await Deno.readTextFile(`${ROOT}.ci/run`);
  const { OLDEST_DENO } = await import("../lib/io/environment.ts");
  const [, newest] = /^deno_version=(.*)$/m.exec(gate) ?? [];
  assert(workflow.includes(`deno: [${OLDEST_DENO}, ${newest}]`), workflow);
});

Deno.test("the changelog has the version of deno.json, or its coming changes", async () => {
  const changelog = await Deno.readTextFile(`${ROOT}CHANGELOG.md`);
  assert(changelog.includes(project.version), project.version);
});
