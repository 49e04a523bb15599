/** Finding runs by what people call them. */
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { findRun, listRunsOfSweep } from "../../../lib/io/results/runs.ts";

/** Uses a folder of runs a-…, ab-… and a sweep of both; ab is the last that was finished. */
async function withRuns(use: (folder: string, runs: Runs) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ann-mlp-" });
  const write = async (path: string, text: string, time: number) => {
    const file = join(folder, path);
    await Deno.mkdir(join(file, ".."), { recursive: true });
    await Deno.writeTextFile(file, text);
    await Deno.utime(file, time, time);
  };
  const runs = { a: "a-0000000000", ab: "ab-1111111111", sweep: "s-sweep-2222222222" };
  try {
    for (const [name, time] of [[runs.ab, 2000], [runs.a, 1000]] as const) {
      await write(`${name}/config.json`, "{}", time);
      await write(`${name}/manifest.json`, "{}", time);
    }
    await write("c-3333333333/config.json", "{}", 3000);
    await write(`${runs.sweep}/sweep.json`, "{}", 4000);
    const lines = [runs.ab, runs.a].map((run) => `{"run":"${run}"}\n`);
    await write(`${runs.sweep}/runs.jsonl`, lines.join(""), 4000);
    await write("notes/text.txt", "", 5000);
    await use(folder, runs);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface Runs {
  readonly a: string;
  readonly ab: string;
  readonly sweep: string;
}

Deno.test("findRun() accepts a path, a name, the beginning of a name, and latest", () =>
  withRuns(async (folder, { a, ab, sweep }) => {
    const found = (text: string) => findRun(text, { folders: [join(folder, "none"), folder] });
    for (const text of [a, `${a}/`, "a-", "a-00"]) {
      assertEquals(await found(text), join(folder, a), text);
    }
    for (const text of ["ab", ab, "latest"]) {
      assertEquals(await found(text), join(folder, ab), text);
    }
    for (const path of [join(folder, a), `${join(folder, a)}/`, join(folder, "notes")]) {
      assertEquals(await found(path), path);
    }
    const kinds = ["run", "sweep"] as const;
    assertEquals(await findRun("s-", { folders: [folder], kinds }), join(folder, sweep));
  }));

Deno.test("findRun() finds received runs too, but never as the latest", () =>
  withRuns(async (folder, { ab }) => {
    const received = join(folder, "received/sent-4444444444");
    await Deno.mkdir(received, { recursive: true });
    await Deno.writeTextFile(join(received, "config.json"), "{}");
    await Deno.writeTextFile(join(received, "manifest.json"), "{}");
    const found = (text: string) => findRun(text, { folders: [folder] });
    assertEquals(await found("sent"), received);
    assertEquals(await found("latest"), join(folder, ab));
  }));

Deno.test("findRun() determines the latest run by the end of training, not by a new drawing", () =>
  withRuns(async (folder, { a, ab }) => {
    for (const [name, day, time] of [[a, "02", 2000], [ab, "01", 9000]] as const) {
      const manifest = join(folder, name, "manifest.json");
      await Deno.writeTextFile(manifest, `{ "finished": "2026-01-${day}T00:00:00.000Z" }`);
      await Deno.utime(manifest, time, time);
    }
    assertEquals(await findRun("latest", { folders: [folder] }), join(folder, a));
  }));

Deno.test("findRun() reports names that do not exist, similar names, and other results", () =>
  withRuns(async (folder, { a, ab, sweep }) => {
    const refused = (text: string, message: string) =>
      assertRejects(() => findRun(text, { folders: [folder] }), Error, message);
    await refused("a", `expected the beginning of one name: received that of "${a}", "${ab}"`);
    await refused(
      "ab-1111111112",
      `Cannot find run "ab-1111111112": there is no such folder, and no run in "${folder}" has a ` +
        `name that begins with it: did you mean "${ab}"?`,
    );
    const path = join(folder, "ab-1111111112");
    await refused(
      path,
      `Cannot read run "${path}": there is no such file or folder: tried "${path}": did you mean ` +
        `"${join(folder, ab)}"?`,
    );
    const below = join(folder, "notes/text.txt/x");
    await refused(below, `Cannot read run "${below}": there is no such file or folder`);
    const other = "expected the folder of a run: received that of a sweep";
    await refused("s-swe", `Cannot read run "${join(folder, sweep)}": ${other}`);
    await refused(sweep, `Cannot read run "${join(folder, sweep)}": ${other}`);
    await refused(join(folder, sweep), `Cannot read run "${join(folder, sweep)}": ${other}`);
    await assertRejects(
      () => findRun("latest", { folders: ["nowhere"] }),
      Error,
      'Cannot find run "latest": expected a finished run in "nowhere": received none',
    );
  }));

Deno.test("listRunsOfSweep() lists the runs beside a sweep's folder, and none from elsewhere", () =>
  withRuns(async (folder, { a, ab, sweep }) => {
    assertEquals(await listRunsOfSweep(join(folder, a)), undefined);
    assertEquals(await listRunsOfSweep(join(folder, sweep)), [join(folder, ab), join(folder, a)]);
    await Deno.writeTextFile(join(folder, sweep, "runs.jsonl"), '{"run":"../../x"}\n');
    await assertRejects(
      () => listRunsOfSweep(join(folder, sweep)),
      SyntaxError,
      "expected names of runs: received ../../x",
    );
  }));
