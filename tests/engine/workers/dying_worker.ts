/**
 * A worker that ends in the way that its name says, "close", "exit", "throw" or "overflow", after it
 * has looked at the words it shares with the others so many times: "close 20".
 *
 * @module
 */

const [way = "", looks = ""] = self.name.split(" ");

function overflow(depth: number): number {
  return 1 + overflow(depth + 1);
}

/** The ways in which a worker can end while it walks. */
const WAYS: Readonly<Record<string, () => unknown>> = {
  close: () => self.close(),
  exit: () => Deno.exit(1),
  throw: () => {
    throw new Error("on purpose");
  },
  overflow: () => overflow(0),
};

const { load } = Atomics;
let looked = 0;
Object.assign(Atomics, {
  load(array: Int32Array, index: number) {
    if (++looked === Number(looks)) WAYS[way]?.();
    return load(array, index);
  },
});

await import("../../../lib/engine/workers/worker.ts");
