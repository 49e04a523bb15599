import { assertEquals, assertThrows } from "@std/assert";
import { strToU8, zipSync } from "fflate";
import {
  decodeArchive,
  encodeArchive,
  listFilesToPack,
} from "../../../lib/analysis/pack/archive.ts";

const RUN = "tiny-0123456789";

const files = new Map([
  [`${RUN}/manifest.json`, Uint8Array.of(3)],
  [`${RUN}/config.json`, Uint8Array.of(1, 2)],
  [`${RUN}/data/table`, new Uint8Array()],
]);

Deno.test("decodeArchive() returns the files given to encodeArchive(), whose bytes do not depend on their order", () => {
  const bytes = encodeArchive(files);
  assertEquals(new Map([...decodeArchive(bytes, "a")].sort()), new Map([...files].sort()));
  assertEquals(encodeArchive(new Map([...files].reverse())), bytes);
});

Deno.test("decodeArchive() rejects what would unpack to somewhere else, and input that is not an archive", () => {
  const hostile = [
    "../a",
    "/etc/passwd",
    `${RUN}/../a`,
    `${RUN}/.hidden`,
    `${RUN}/a//b`,
    "other/a",
    `${RUN}`,
    `${RUN}\\a`,
  ];
  for (const path of hostile) {
    const bytes = zipSync({ [`${RUN}/config.json`]: strToU8("{}"), [path]: strToU8("x") });
    assertThrows(
      () => decodeArchive(bytes, 'archive "a.zip"'),
      SyntaxError,
      `Cannot open archive "a.zip": expected an archive of runs: received the path ${
        JSON.stringify(path)
      }`,
    );
  }
  assertThrows(
    () => decodeArchive(strToU8("no zip"), "a"),
    SyntaxError,
    "received a file that is not a zip archive",
  );
  assertThrows(() => decodeArchive(zipSync({}), "a"), SyntaxError, "received an empty one");
});

Deno.test("decodeArchive() rejects archives whose content is too large", () => {
  const bytes = zipSync({ [`${RUN}/config.json`]: new Uint8Array(100) });
  const view = new DataView(bytes.buffer);
  const from = view.getUint32(bytes.length - 6, true);
  view.setUint32(from + 24, 1e9, true);
  assertThrows(() => decodeArchive(bytes, "a"), SyntaxError, "received a directory that says 1000");
});

Deno.test("listFilesToPack() omits checkpoints and charts, and adds the manifest", () => {
  const paths = ["charts/loss.svg", "checkpoints/step-0.safetensors", "config.json", "report.svg"];
  const manifest = { files: paths.map((path) => ({ path, bytes: 0, sha256: "" })) };
  assertEquals(listFilesToPack(manifest), ["config.json", "report.svg", "manifest.json"]);
});
