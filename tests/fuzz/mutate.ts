/**
 * Mutations of files: of any bytes, and of text. Each makes a change that a damaged disk, a wrong program
 * or an attacker would make.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Random } from "./random.ts";

/** Random numbers and files from which a mutation is made. */
interface Material {
  /** Valid files of the format, parts of which are put into others. */
  readonly seeds: readonly Uint8Array[];
  /** Words that mean something in the format. */
  readonly words: readonly string[];
}

type Mutation = (bytes: Uint8Array, random: Random, material: Material) => Uint8Array;

/** Numbers at which lengths and signs turn. */
const EDGES = [
  0,
  1,
  2,
  7,
  127,
  128,
  255,
  256,
  32767,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];

/** Numbers as text that readers of JSON, CSV or headers may take for another. */
const NUMBERS = [
  "-0",
  "1e308",
  "1e309",
  "-1e999",
  "9007199254740993",
  "99999999999999999999999999",
  "0.1e-400",
  "4294967296",
  "NaN",
  "Infinity",
  "1000000000",
  "00",
  "0x10",
  "1_000",
];

/** Texts that some program somewhere takes for more than a text. */
const TEXTS = [
  '"__proto__"',
  '"constructor"',
  '"\\ud800"',
  '"\\u0000"',
  '"../../etc/passwd"',
  '"/dev/zero"',
  "null",
  "true",
  "[]",
  "{}",
  "[[[[[[[[[[[[[[[[",
  '{"a":',
  "\ufeff",
  "\x00",
  "\x1b[2J",
  "\r\n",
  ",,,,",
  '"',
  "\\",
  "/*",
];

const MUTATIONS: readonly Mutation[] = [
  // bits and bytes
  (bytes, random) => changed(bytes, random, (byte) => byte ^ 1 << random.below(8)),
  (bytes, random) => changed(bytes, random, () => random.of([0, 1, 0x7f, 0x80, 0xff])),
  (bytes, random) => changed(bytes, random, () => random.below(256)),
  // lengths
  (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.slice(random.below(bytes.length + 1)),
  (bytes, random) => without(bytes, random),
  (bytes, random) => {
    const [from, to] = range(bytes, random);
    return spliced(bytes, to, to, bytes.subarray(from, to));
  },
  (bytes, random, { seeds }) => {
    const other = random.of(seeds);
    const [from, to] = range(other, random);
    const [start, end] = range(bytes, random);
    return spliced(bytes, start, random.happens(0.5) ? start : end, other.subarray(from, to));
  },
  (bytes, random) => {
    const more = Uint8Array.from({ length: random.below(64) }, () => random.below(256));
    const at = random.happens(0.5) ? bytes.length : random.below(bytes.length + 1);
    return spliced(bytes, at, at, more);
  },
  // numbers of 1, 2, 4 or 8 bytes in either order, as headers have them
  (bytes, random) => {
    const size = random.of([1, 2, 4, 8]);
    if (bytes.length < size) return bytes;
    const next = bytes.slice();
    const view = new DataView(next.buffer);
    const at = random.below(Math.min(next.length - size + 1, random.happens(0.5) ? 64 : Infinity));
    const isLittle = random.happens(0.5);
    const edge = random.of(EDGES) + random.of([-1, 0, 0, 1]);
    if (size === 1) view.setUint8(at, edge);
    if (size === 2) view.setUint16(at, edge, isLittle);
    if (size === 4) view.setUint32(at, edge, isLittle);
    if (size === 8) view.setBigUint64(at, BigInt.asUintN(64, BigInt(edge)), isLittle);
    return next;
  },
  // text
  (bytes, random, { words }) => {
    const [at, text] = [random.below(bytes.length + 1), random.of([...words, ...TEXTS])];
    return spliced(bytes, at, at, new TextEncoder().encode(text));
  },
  (bytes, random) => replaced(bytes, random, /-?\d+(\.\d+)?([eE][-+]?\d+)?/g, NUMBERS),
  (bytes, random, { words }) =>
    replaced(bytes, random, /"[^"]{0,60}"/g, [...words.map((word) => `"${word}"`), ...TEXTS]),
  (bytes, random) =>
    replaced(bytes, random, /[[\]{},:;\t\n]/g, ["[", "]", "{", "}", ",", ":", "\n"]),
  // a key, an entry or a line twice
  (bytes, random) =>
    replaced(bytes, random, /"[^"]{1,60}":[^,{}[\]]+,?/g, [], (found) => `${found},${found}`),
  (bytes, random) => replaced(bytes, random, /[^\n]+\n/g, [], (found) => found + found),
];

/** Returns a file with one to four changes. */
export function mutate(bytes: Uint8Array, random: Random, material: Material): Uint8Array {
  let mutated = bytes;
  do mutated = random.of(MUTATIONS)(mutated, random, material); while (random.happens(0.4));
  return mutated;
}

function changed(
  bytes: Uint8Array,
  random: Random,
  change: (byte: number) => number,
): Uint8Array {
  if (bytes.length === 0) return bytes;
  const at = random.below(bytes.length);
  return bytes.slice().fill(change(bytes[at]), at, at + 1);
}

function without(bytes: Uint8Array, random: Random): Uint8Array {
  const [from, to] = range(bytes, random);
  return spliced(bytes, from, to, new Uint8Array());
}

/** A range, mostly a short one. */
function range(bytes: Uint8Array, random: Random): readonly [from: number, to: number] {
  const from = random.below(bytes.length + 1);
  const most = random.happens(0.7) ? Math.min(16, bytes.length - from) : bytes.length - from;
  return [from, from + random.below(most + 1)];
}

function spliced(bytes: Uint8Array, from: number, to: number, put: Uint8Array): Uint8Array {
  const next = new Uint8Array(bytes.length - (to - from) + put.length);
  next.set(bytes.subarray(0, from));
  next.set(put, from);
  next.set(bytes.subarray(to), from + put.length);
  return next;
}

/** Replaces one of the places where a pattern is found, in bytes read as Latin-1. */
function replaced(
  bytes: Uint8Array,
  random: Random,
  pattern: RegExp,
  texts: readonly string[],
  textOf: (found: string) => string = () => random.of(texts),
): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return bytes;
  const { 0: old, index } = random.of(found);
  const put = Uint8Array.from(textOf(old), (letter) => letter.charCodeAt(0));
  return spliced(bytes, index, index + old.length, put);
}
