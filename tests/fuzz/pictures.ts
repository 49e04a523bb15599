/** Pictures, and folders of them, read as a data set has them read. */
import { encode } from "fast-png";
import { crc32, deflateSync } from "node:zlib";
import { images } from "../../lib/data/datasets/images.ts";
import { arrangePictures, type FolderEntry } from "../../lib/data/pictures/layout.ts";
import { loadPictureReader } from "../../lib/data/pictures/picture.ts";
import { encodeLabels, readImages } from "../../lib/data/pictures/read.ts";
import { readPictureSamples } from "../../lib/data/pictures/samples.ts";
import { jpegOf, pngOf, withOrientation } from "../data/pictures/rendered.ts";
import type { Target } from "./cases.ts";
import type { Random } from "./random.ts";

const FILE = /"fuzz["/]/;

const NOISE = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => i * 91 % 256);

const FIXTURES = new URL("../fixtures/pictures/", import.meta.url);

const fixture = (name: string): Uint8Array => Deno.readFileSync(new URL(name, FIXTURES));

/** Reads a picture as it is, and as one with a digit. */
async function readPicture(bytes: Uint8Array): Promise<void> {
  const read = await loadPictureReader();
  read(bytes, "fuzz");
  const pictures = [{ name: "fuzz", read: () => Promise.resolve(bytes) }];
  await readPictureSamples(pictures, { shape: [28, 28], isDigit: bytes.length % 2 === 0 });
}

/** PNG: all kinds of colours, depths and interlacing. */
export function png(): Target {
  const size = { height: 5, width: 6 };
  const grey = NOISE.subarray(0, 30);
  const palette = [[0, 0, 0, 255], [255, 0, 0, 128], [9, 99, 200, 0], [255, 255, 255, 255]];
  const indices = Uint8Array.from(grey, (value) => value % 4);
  return {
    seeds: [
      pngOf(NOISE, 8, 8),
      encode({ ...size, data: grey, channels: 1 }),
      encode({
        ...size,
        data: Uint16Array.from(grey, (value) => value * 200),
        depth: 16,
        channels: 1,
      }),
      encode({ ...size, data: NOISE.subarray(0, 60), channels: 2 }),
      encode({ ...size, data: NOISE.subarray(0, 120), channels: 4 }, { interlace: "Adam7" }),
      encode({ ...size, data: indices, palette, depth: 8, channels: 1 }),
      fixture("grey4.png"),
      fixture("palette.png"),
    ],
    words: ["IHDR", "PLTE", "tRNS", "IDAT", "IEND", "iCCP", "zTXt", "acTL"],
    file: FILE,
    mend: mendPng,
    read: readPicture,
  };
}

/** A chunk of a PNG: its type and its content. */
interface Chunk {
  readonly type: string;
  readonly content: Uint8Array;
}

const SIGNATURE = 8;

/** Gives chunks their checksums again; now and then after they were changed as a whole, or packed anew. */
function mendPng(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.happens(0.2)) return bytes;
  const chunks = chunksOf(bytes);
  if (chunks.length === 0) return bytes;
  if (random.happens(0.3)) rearrange(chunks, random);
  if (random.happens(0.3)) changeHeader(chunks, random);
  if (random.happens(0.3)) packAnew(chunks, random);
  const parts = chunks.flatMap(({ type, content }) => {
    const named = Uint8Array.from([...new TextEncoder().encode(type).subarray(0, 4), ...content]);
    return [...number32(content.length), ...named, ...number32(crc32(named))];
  });
  return Uint8Array.from([...bytes.subarray(0, SIGNATURE), ...parts]);
}

function number32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE; at + 12 <= bytes.length;) {
    const length = Math.min(view.getUint32(at), bytes.length - at - 12);
    const type = new TextDecoder("latin1").decode(bytes.subarray(at + 4, at + 8));
    chunks.push({ type, content: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** Leaves one out, has one twice, or exchanges two. */
function rearrange<Part>(parts: Part[], random: Random): void {
  const [one, other] = [random.below(parts.length), random.below(parts.length)];
  const how = random.below(3);
  if (how === 0) parts.splice(one, 1);
  else if (how === 1) parts.splice(one, 0, parts[other]);
  else [parts[one], parts[other]] = [parts[other], parts[one]];
}

/** Gives the header another size, depth, kind of colours or interlacing that there is. */
function changeHeader(chunks: Chunk[], random: Random): void {
  const at = chunks.findIndex(({ type }) => type === "IHDR");
  if (at < 0 || chunks[at].content.length < 13) return;
  const content = chunks[at].content.slice();
  const view = new DataView(content.buffer);
  view.setUint32(random.of([0, 4]), random.of([0, 1, 2, 7, 8, 9, 255, 4096, 65536, 2 ** 31]));
  if (random.happens(0.5)) content[8] = random.of([1, 2, 4, 8, 16]);
  if (random.happens(0.5)) content[9] = random.of([0, 2, 3, 4, 6]);
  if (random.happens(0.5)) content[12] = random.below(2);
  chunks[at] = { type: "IHDR", content };
}

/** Puts pixels of the length that the header means, or nearly, in place of those there are. */
function packAnew(chunks: Chunk[], random: Random): void {
  const header = chunks.find(({ type }) => type === "IHDR")?.content ?? new Uint8Array();
  const at = chunks.findIndex(({ type }) => type === "IDAT");
  if (at < 0 || header.length < 13) return;
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const channels = [1, 1, 3, 1, 2, 1, 4][header[9]] ?? 1;
  const row = 1 + Math.ceil(view.getUint32(0) * header[8] * channels / 8);
  const length = Math.min(2 ** 16, row * view.getUint32(4)) + random.of([-1, 0, 0, 0, 1]);
  const limit = random.of([1, 5, 6]); // filters there are, and one that there is not
  const pixels = Uint8Array.from({ length: Math.max(0, length) }, () => random.below(limit));
  chunks[at] = { type: "IDAT", content: new Uint8Array(deflateSync(pixels)) };
}

/** JPEG: baseline, progressive, with restarts, of one component and of three. */
export function jpeg(): Target {
  return {
    seeds: [
      withOrientation(jpegOf(NOISE, 8, 8), 6, true),
      jpegOf(NOISE.subarray(0, 5 * 7 * 3), 5, 7, 20),
      ...["progressive.jpg", "restart.jpg", "grey_restart.jpg", "rgb.jpg"].map(fixture),
    ],
    words: [
      "\xff\xd8",
      "\xff\xd9",
      "\xff\xda",
      "\xff\xc0",
      "\xff\xc2",
      "\xff\xdd",
      "Adobe",
      "Exif",
    ],
    file: FILE,
    mend: mendJpeg,
    read: readPicture,
  };
}

/** Gives segments their lengths again; now and then after they were changed as a whole. */
function mendJpeg(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.happens(0.3)) return bytes;
  const segments = segmentsOf(bytes);
  if (segments.length > 0 && random.happens(0.4)) rearrange(segments, random);
  const frame = segments.find(({ marker }) => marker === 0xc0 || marker === 0xc2);
  if (frame !== undefined && random.happens(0.4)) {
    const content = frame.content.slice();
    const at = random.below(content.length);
    content.fill(random.of([0, 1, 2, 3, 4, 8, 16, 0x11, 0x22, 0x44, 0xff]), at, at + 1);
    segments[segments.indexOf(frame)] = { ...frame, content };
  }
  const parts = segments.flatMap(({ marker, content, coded }) => {
    const length = content.length + 2;
    return [0xff, marker, length >> 8 & 255, length & 255, ...content, ...coded];
  });
  return Uint8Array.from([0xff, 0xd8, ...parts, 0xff, 0xd9]);
}

interface Segment {
  readonly marker: number;
  readonly content: Uint8Array;
  /** Bytes from here to the next marker. */
  readonly coded: Uint8Array;
}

function segmentsOf(bytes: Uint8Array): Segment[] {
  const isMarker = (at: number) =>
    bytes[at] === 0xff && bytes[at + 1] >= 0xc0 &&
    !(bytes[at + 1] >= 0xd0 && bytes[at + 1] <= 0xd9);
  const segments: Segment[] = [];
  for (let at = 2; at + 4 <= bytes.length;) {
    if (!isMarker(at)) {
      at++;
      continue;
    }
    const length = bytes[at + 2] << 8 | bytes[at + 3];
    const end = Math.min(bytes.length, at + 2 + Math.max(2, length));
    let next = end;
    while (
      next < bytes.length && !isMarker(next) && !(bytes[next] === 0xff && bytes[next + 1] === 0xd9)
    ) {
      next++;
    }
    segments.push({
      marker: bytes[at + 1],
      content: bytes.subarray(at + 4, end),
      coded: bytes.subarray(end, next),
    });
    at = next;
  }
  return segments;
}

/** Files that lines of a folder name by their numbers. */
const FILES: readonly Uint8Array[] = [
  pngOf(NOISE, 8, 8),
  jpegOf(NOISE, 8, 8),
  pngOf(NOISE.subarray(0, 4 * 4 * 3), 4, 4),
  new TextEncoder().encode("no picture"),
  new Uint8Array(),
];

/** Paths that a folder has, at most, in a case: who has more has a folder of that many. */
const MOST_PATHS = 64;

/** Folders of pictures: lines of a path, a blank and the number of a file. */
export function imageFolder(): Target {
  const texts = [
    "a/1.png 0\na/2.jpg 1\nb/1.png 0\nb/3.jpg 1",
    "train/a/1.png 0\ntrain/b/1.jpg 1\ntest/a/1.png 0\ntest/b/2.png 0",
    "10/x.png 0\n9/y.png 1\n9/.hidden 3\nThumbs.db 4\n-1/z.png 0",
  ];
  return {
    seeds: texts.map((text) => new TextEncoder().encode(text)),
    words: ["train/", "test/", "a/", "../", "/", ".", " 0\n", " 3\n", "Thumbs.db", "__proto__/"],
    file: FILE,
    async read(bytes) {
      const contents = new Map<string, Uint8Array>();
      for (const line of new TextDecoder("latin1").decode(bytes).split("\n").slice(0, MOST_PATHS)) {
        const [path, file = "0"] = line.split(" ");
        contents.set(
          `fuzz/${path}`,
          FILES[Math.abs(Number.parseInt(file)) % FILES.length] ?? FILES[0],
        );
      }
      const listed = treeOf([...contents.keys()].map((path) => path.slice("fuzz/".length)));
      const { classes, train, test } = arrangePictures(listed, "fuzz");
      const size = bytes.length % 3 === 0 ? { height: 3, width: 5 } : undefined;
      const content = async (files: typeof train) => {
        const paths = files.map(({ path }) => `fuzz/${path}`);
        const read = (path: string) => Promise.resolve(contents.get(path) ?? new Uint8Array());
        return [await readImages(paths, size, read), encodeLabels(files, classes.length)] as const;
      };
      const named = (name: string, bytes: Uint8Array) => ({
        name,
        origin: "fuzz",
        bytes,
        sha256: "",
      });
      const [x, y] = await content(train);
      const tested = test && await content(test);
      images({ path: "fuzz" }).assemble({
        images: named("images", x),
        labels: named("labels", y),
        ...(tested && {
          testImages: named("testImages", tested[0]),
          testLabels: named("testLabels", tested[1]),
        }),
      }, classes);
    },
  };
}

/** Lists paths as folders are listed, the content of three folders in each other at most. */
function treeOf(paths: readonly string[]): readonly FolderEntry[] {
  const tree: FolderEntry[] = [];
  for (const path of paths) {
    const names = path.split("/").filter((name) => name !== "").slice(0, 4);
    let entries: FolderEntry[] | undefined = tree;
    for (const [index, name] of names.entries()) {
      if (entries === undefined) break; // it is a file already
      let found: FolderEntry | undefined = entries.find((entry) => entry.name === name);
      if (found === undefined) {
        found = index < names.length - 1 ? { name, entries: [] } : { name };
        entries.push(found);
      }
      entries = found.entries as FolderEntry[] | undefined;
    }
  }
  return tree;
}
