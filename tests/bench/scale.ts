/**
 * Whether eight times the data take eight times the time and no more memory than they are large:
 *
 *     MNIST_DIR=DIR deno task bench:scale
 *
 * Loads, trains by five epochs of the benchmark's workload S, and tests, in a process of its own: once
 * on the training images in MNIST_DIR, once on eight copies of them, each shifted by some columns. Prints
 * seconds and peak memory of both (memory on Linux), and what they make of each other.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import project from "../../deno.json" with { type: "json" };
import { type Idx, readIdx, unpackIdx, writeIdx } from "../../lib/data/formats/idx.ts";
import { openStoredFile } from "../../lib/io/files.ts";
import { wordsOf } from "../v8_flags.ts";

/** Number of copies of the data. */
const TIMES = 8;

/** Names of the files of images and labels, in MNIST_DIR and as peer.ts asks for them. */
const [IMAGES, LABELS] = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"] as const;
const OTHERS = ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"] as const;

async function read(folder: string, name: string): Promise<Idx> {
  const { bytes } = await unpackIdx(await openStoredFile(join(folder, name), "data file"));
  return readIdx(bytes, name);
}

/** Copies of 8-bit samples: in each, rows are turned by one more byte than in the one before. */
function repeated({ type, shape, values }: Idx, times: number, width: number): Idx {
  if (type !== "u8") throw new TypeError(`Cannot repeat: expected 8-bit values: received ${type}`);
  const [count = 0, ...rest] = shape;
  const all = new Uint8Array(times * values.length);
  for (let copy = 0; copy < times; copy++) {
    for (let first = 0; first < values.length; first += width) {
      const at = copy * values.length + first;
      const cut = first + copy % width;
      all.set(values.subarray(cut, first + width), at);
      all.set(values.subarray(first, cut), at + first + width - cut);
    }
  }
  return { type, shape: [times * count, ...rest], values: all };
}

/** Writes a data set of so many copies, plain, so that only size differs. */
async function write(from: string, folder: string, times: number): Promise<void> {
  const images = repeated(await read(from, IMAGES), times, 28);
  await Deno.writeFile(join(folder, IMAGES), writeIdx(images));
  await Deno.writeFile(
    join(folder, LABELS),
    writeIdx(repeated(await read(from, LABELS), times, 1)),
  );
  for (const name of OTHERS) await Deno.copyFile(join(from, name), join(folder, name));
}

/** Time and memory of a process. */
interface Taken {
  readonly seconds: number;
  /** Most memory that it had at once, in megabytes. */
  readonly megabytes: number;
}

/** Trains on a folder's data, and measures the process from outside. */
async function measure(folder: string): Promise<Taken> {
  const flags = wordsOf(project.tasks.bench.command).slice(1, -1); // without deno and the script
  const peer = fromFileUrl(new URL("peer.ts", import.meta.url));
  const begun = performance.now();
  const process = new Deno.Command(Deno.execPath(), {
    args: [...flags, peer, "--mode", "e2e", "--workload", "S"],
    env: { MNIST_DIR: folder },
    stdout: "null",
  }).spawn();
  let kilobytes = 0;
  const look = setInterval(() => kilobytes = Math.max(kilobytes, peakOf(process.pid)), 20);
  const { code } = await process.status;
  clearInterval(look);
  if (code !== 0) throw new Error(`Cannot measure: expected exit code 0: received ${code}`);
  return { seconds: (performance.now() - begun) / 1000, megabytes: kilobytes * 1024 / 1e6 };
}

/** Peak memory of a process so far in kilobytes, as Linux knows it; 0 if it has ended. */
function peakOf(pid: number): number {
  try {
    const [, peak = "0"] = Deno.readTextFileSync(`/proc/${pid}/status`).match(/VmHWM:\s*(\d+)/) ??
      [];
    return Number(peak);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** The middle of three measurements: by time, and by memory. */
async function middle(folder: string): Promise<Taken> {
  const all = [await measure(folder), await measure(folder), await measure(folder)];
  const of = (figure: keyof Taken) => all.map((taken) => taken[figure]).sort((a, b) => a - b)[1];
  return { seconds: of("seconds"), megabytes: of("megabytes") };
}

const from = Deno.env.get("MNIST_DIR") ?? "/usr/share/datasets/fashion-mnist";
const folder = await Deno.makeTempDir();
try {
  const figures: Taken[] = [];
  for (const times of [1, TIMES]) {
    await write(from, folder, times);
    const taken = await middle(folder);
    const [seconds, megabytes] = [taken.seconds.toFixed(2), taken.megabytes.toFixed(0)];
    console.log(`${times} × the data: ${seconds} s, ${megabytes} MB at most`);
    figures.push(taken);
  }
  const { size } = await Deno.stat(join(folder, IMAGES));
  const [one, more] = figures as [Taken, Taken];
  const times = (more.seconds / one.seconds).toFixed(2);
  const added = more.megabytes - one.megabytes;
  const own = (size / 1e6).toFixed(0);
  console.log(
    `${times} × the time; ${added.toFixed(0)} MB more, of ${own} MB that the data are large`,
  );
} finally {
  await Deno.remove(folder, { recursive: true });
}
