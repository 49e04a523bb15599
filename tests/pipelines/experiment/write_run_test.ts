import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { openLog } from "../../../lib/io/log.ts";
import {
  findChangedFiles,
  openRunFolder,
  readManifest,
} from "../../../lib/io/results/run_folder.ts";
import { FILES } from "../../../lib/run/folder.ts";
import type { Manifest } from "../../../lib/run/manifest.ts";
import type { RunRecord } from "../../../lib/run/record.ts";
import { writeRun } from "../../../pipelines/experiment/write_run.ts";
import { makeRecord } from "../../report/record.ts";

const facts = {
  data: [],
  backend: "exact",
  workers: 1,
  started: new Date(0),
  timing: { stages: [] },
  log: openLog(() => {}),
};

Deno.test("writeRun() finishes a run whose report cannot be drawn, and then throws", async () => {
  const observations = { tensors: new Map(), metadata: new Map([["data", "no JSON"]]) };
  const record: RunRecord = { ...makeRecord(), run: "digits-0f3a9c2100", observations };
  const parent = await Deno.makeTempDir();
  try {
    const path = join(parent, record.run);
    using folder = await openRunFolder(path, { fresh: false });
    await assertRejects(
      () => writeRun(folder, record, facts),
      Error,
      `Cannot draw the report of "${record.run}": Cannot read`,
    );
    const manifest = await readManifest(path) as Manifest;
    assertEquals(await findChangedFiles(manifest, path), []);
    const names = manifest.files.map(({ path }) => path);
    assertEquals([FILES.results, FILES.summary].every((name) => names.includes(name)), true);
    assertEquals(names.includes(FILES.report), false);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});

Deno.test("writeRun() writes the last line of the log before the manifest, so that the log of a killed run is complete", async () => {
  const record: RunRecord = { ...makeRecord(), run: "digits-0f3a9c2100" };
  const parent = await Deno.makeTempDir();
  try {
    using folder = await openRunFolder(join(parent, record.run), { fresh: false });
    const manifests: boolean[] = [];
    const log = openLog((line) => {
      if (!line.includes("run finished")) return;
      const entries = [...Deno.readDirSync(folder.path)];
      manifests.push(entries.some(({ name }) => name === FILES.manifest));
    });
    await writeRun(folder, record, { ...facts, log });
    assertEquals(manifests, [false]);
    assertEquals(await readManifest(folder.path) === undefined, false);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});
