import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  claimFolder,
  removeAbandonedClaims,
  waitForRelease,
} from "../../../lib/io/results/claim.ts";

/** Times that are long enough for this process, and short enough for a test. */
const TIMES = { beat: 4, patience: 60 };

async function inFolder(use: (path: string, names: () => string[]) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    const names = () => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
    await use(join(folder, "run"), names);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes a claim as a process on another machine would. */
async function writeForeign(path: string, number: number, beat: number): Promise<void> {
  const claim = { token: "theirs", host: "another machine", beat: `${beat}`.padStart(12, "0") };
  await Deno.writeTextFile(claimPath(path, number), `${JSON.stringify(claim)}\n`);
}

function claimPath(path: string, number: number): string {
  return join(path, "..", `.run.claim-${number}`);
}

Deno.test("claimFolder() gives a folder to one process at a time, and leaves no files", () =>
  inFolder(async (path, names) => {
    {
      using claim = await claimFolder(path, TIMES);
      assertEquals(names(), [".run.claim-1"]);
      assertEquals(await claim?.state(), "held");
      assertEquals(await claimFolder(path, TIMES), undefined);
    }
    assertEquals(names(), []);
  }));

Deno.test("claimFolder() gives a folder to one of many processes that claim it at once", () =>
  inFolder(async (path, names) => {
    const times = { ...TIMES, patience: 10_000 }; // or a busy machine makes the holder look dead
    const claims = await Promise.all(Array.from({ length: 20 }, () => claimFolder(path, times)));
    const held = claims.filter((claim) => claim !== undefined);
    assertEquals(held.length, 1);
    assertEquals(await held[0]?.state(), "held");
    held[0]?.[Symbol.dispose]();
    assertEquals(names(), []);
  }));

Deno.test("claimFolder() takes over at once from a dead process of this machine", () =>
  inFolder(async (path, names) => {
    using claim = await claimFolder(path, TIMES);
    const left = await Deno.readFile(claimPath(path, 1)); // a copy has no lock, as after a kill
    claim?.[Symbol.dispose]();
    await Deno.writeFile(claimPath(path, 1), left);
    let watched = 0;
    using next = await claimFolder(path, { ...TIMES, onWatch: () => watched++ });
    assertEquals([await next?.state(), names(), watched], ["held", [".run.claim-2"], 0]);
  }));

Deno.test("claimFolder() watches the counter of another machine, and takes over if it stands still", () =>
  inFolder(async (path, names) => {
    await writeForeign(path, 7, 1);
    const watched: number[] = [];
    using claim = await claimFolder(path, { ...TIMES, onWatch: (time) => watched.push(time) });
    assertEquals([await claim?.state(), names(), watched], ["held", [".run.claim-8"], [60]]);
  }));

Deno.test("claimFolder() does not take over from another machine whose counter moves", () =>
  inFolder(async (path, names) => {
    await writeForeign(path, 1, 1);
    let beat = 1;
    const timer = setInterval(() => writeForeign(path, 1, ++beat), 10);
    try {
      assertEquals(await claimFolder(path, { beat: 4, patience: 10_000 }), undefined);
    } finally {
      clearInterval(timer);
    }
    assertEquals(names(), [".run.claim-1"]);
  }));

Deno.test("claimFolder() does not take over a claim that changed hands while it was watched", () =>
  inFolder(async (path, names) => {
    await writeForeign(path, 7, 1);
    let beat = 1;
    let timer: ReturnType<typeof setInterval> | undefined;
    const onWatch = () => {
      if (timer !== undefined) return;
      Deno.removeSync(claimPath(path, 7)); // its process has finished
      timer = setInterval(() => writeForeign(path, 1, ++beat), 10); // and the next one has begun
    };
    try {
      await writeForeign(path, 1, 1);
      assertEquals(await claimFolder(path, { beat: 4, patience: 10_000, onWatch }), undefined);
    } finally {
      clearInterval(timer);
    }
    assertEquals(names(), [".run.claim-1"]);
  }));

Deno.test("waitForRelease() returns the folders that are free, as soon as there is one", () =>
  inFolder(async (path) => {
    const { signal } = new AbortController();
    const other = `${path}-2`;
    const held = [await claimFolder(path, TIMES), await claimFolder(other, TIMES)];
    let isOver = false;
    const released = waitForRelease([path, other], { ...TIMES, signal });
    released.then(() => isOver = true);
    await new Promise((resolve) => setTimeout(resolve, 10 * TIMES.beat));
    assertEquals(isOver, false);
    held[1]?.[Symbol.dispose]();
    assertEquals(await released, [other]);
    held[0]?.[Symbol.dispose]();
    assertEquals(await waitForRelease([path, other], { ...TIMES, signal }), [path, other]);
  }));

Deno.test("waitForRelease() returns the folder of a dead process, and none once it is aborted", () =>
  inFolder(async (path) => {
    await writeForeign(path, 1, 1); // stands still
    const { signal } = new AbortController();
    assertEquals(await waitForRelease([path], { ...TIMES, signal }), [path]);
    using _claim = await claimFolder(path, TIMES);
    assertEquals(await waitForRelease([path], { ...TIMES, signal: AbortSignal.timeout(20) }), []);
  }));

Deno.test("claimFolder() watches a claim that is not written yet", () =>
  inFolder(async (path, names) => {
    await Deno.writeTextFile(claimPath(path, 1), "");
    using claim = await claimFolder(path, TIMES);
    assertEquals([await claim?.state(), names()], ["held", [".run.claim-2"]]);
  }));

Deno.test("a claim is lost once another process has taken over, or it was removed", () =>
  inFolder(async (path, names) => {
    {
      using claim = await claimFolder(path, TIMES);
      await writeForeign(path, 2, 1);
      assertEquals(await claim?.state(), "taken over");
      await Deno.remove(claimPath(path, 2));
      assertEquals(await claim?.state(), "held");
      await Deno.remove(claimPath(path, 1));
      await writeForeign(path, 1, 1); // of a later process, after both were removed
      assertEquals(await claim?.state(), "taken over");
    }
    assertEquals(names(), [".run.claim-1"]); // what is another's stays
    await Deno.remove(claimPath(path, 1));
    using claim = await claimFolder(path, TIMES);
    await Deno.remove(claimPath(path, 1));
    assertEquals(await claim?.state(), "removed");
  }));

Deno.test("a claim raises its counter while it is held", () =>
  inFolder(async (path) => {
    using claim = await claimFolder(path, TIMES);
    assert(claim !== undefined);
    const beat = async () => Number(JSON.parse(await Deno.readTextFile(claimPath(path, 1))).beat);
    const first = await beat();
    while (await beat() < first + 3) await new Promise((resolve) => setTimeout(resolve, 4));
  }));

Deno.test("removeAbandonedClaims() removes only claims of dead processes of this machine", () =>
  inFolder(async (path, names) => {
    {
      using claim = await claimFolder(path, TIMES);
      const left = await Deno.readFile(claimPath(path, 1));
      await removeAbandonedClaims(path);
      assertEquals([await claim?.state(), names()], ["held", [".run.claim-1"]]);
      claim?.[Symbol.dispose]();
      await Deno.writeFile(claimPath(path, 1), left);
    }
    await writeForeign(path, 2, 1);
    await Deno.writeTextFile(claimPath(path, 3), "");
    await removeAbandonedClaims(path);
    assertEquals(names(), [".run.claim-2", ".run.claim-3"]);
  }));
