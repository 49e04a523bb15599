import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
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
};

Deno.test("writeRun() finishes a run whose report cannot be drawn, and throws then", async () => {
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
