import { assertEquals } from "@std/assert";
import { sha256 } from "../../lib/data/sha256.ts";
import { cachePath, isCached, readCached, writeCached } from "../../lib/io/cache.ts";

const BYTES = new TextEncoder().encode("abc");
// FIPS 180-4, example of one block
const HASH = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const FILE = { name: "abc", bytes: 3, sha256: HASH };

Deno.test("the cache returns stored content by its hash", async () => {
  const folder = await Deno.makeTempDir();
  try {
    assertEquals(sha256(BYTES), HASH);
    assertEquals(await readCached(folder, FILE), undefined);
    assertEquals(await isCached(folder, HASH, 3), false);
    await writeCached(folder, HASH, BYTES);
    assertEquals(await readCached(folder, FILE), BYTES);
    assertEquals([await isCached(folder, HASH, 3), await isCached(folder, HASH, 4)], [true, false]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the cache treats a damaged file as missing until it is written again", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const damaged of ["abd", "ab", ""]) {
      await writeCached(folder, HASH, BYTES);
      await Deno.writeTextFile(cachePath(folder, HASH), damaged);
      assertEquals(await readCached(folder, FILE), undefined);
    }
    await writeCached(folder, HASH, BYTES);
    assertEquals(await readCached(folder, FILE), BYTES);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
