/** Files of data, read as a config has them read: by way of a data set, or as samples to predict. */
import { zipSync } from "fflate";
import { gzipSync } from "node:zlib";
import type { Dataset } from "../../lib/data/dataset.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import { readEncodedSamples } from "../../lib/data/datasets/raw.ts";
import type { Dialect } from "../../lib/data/formats/dialect.ts";
import { readSamples } from "../../lib/data/datasets/features.ts";
import type { GivenSource } from "../../lib/data/datasets/source.ts";
import { storedFileFromBytes } from "../../lib/data/formats/gzip.ts";
import { type Idx, writeIdx } from "../../lib/data/formats/idx.ts";
import type { Target } from "./cases.ts";

type NamedDataset = Parameters<typeof datasets.create>[0];

/** A stored file that messages call "fuzz". */
const stored = (bytes: Uint8Array) => storedFileFromBytes(bytes, "fuzz");

const FILE = /"fuzz[":]/;

/** Loads the files of a data set of the user's. */
function load(dataset: NamedDataset, files: readonly Uint8Array[]): Promise<Dataset> {
  return (datasets.create(dataset) as GivenSource).load(files.map(stored));
}

const u8 = (shape: readonly number[]): Idx => ({
  type: "u8",
  shape,
  values: Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i % 3),
});

const IMAGES = writeIdx(u8([4, 2, 3]));
const LABELS = writeIdx(u8([4]));

/** IDX: images, labels, and other element types. */
export function idx(): Target {
  const floats: Idx = {
    type: "f32",
    shape: [4, 2],
    values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  };
  const shorts: Idx = { type: "i16", shape: [4], values: Int16Array.of(0, 1, 2, 1) };
  return {
    seeds: [IMAGES, LABELS, writeIdx(floats), writeIdx(shorts)],
    words: ["\x00\x00\x08\x01", "\x00\x00\x0e\x04"],
    file: FILE,
    async read(bytes) {
      const dataset = { name: "idx", images: "i", labels: "l" } as const;
      if (bytes[3] === 1) await load(dataset, [IMAGES, bytes]);
      else await load(dataset, [bytes, LABELS]);
    },
  };
}

/** IDX packed by gzip: once, in several members, to a hundredth. */
export function gzip(): Target {
  const pack = (bytes: Uint8Array, level: number) => new Uint8Array(gzipSync(bytes, { level }));
  const long = writeIdx(u8([4, 300, 300])); // packed to a hundredth
  const members = Uint8Array.from([
    ...pack(IMAGES.subarray(0, 9), 6),
    ...pack(IMAGES.subarray(9), 1),
  ]);
  return {
    seeds: [pack(IMAGES, 6), pack(IMAGES, 0), members, pack(long, 9)],
    words: ["\x1f\x8b\x08"],
    file: FILE,
    read: (bytes) => load({ name: "idx", images: "i", labels: "l" }, [bytes, LABELS]),
  };
}

/** Tables: with names, without, quoted, with other delimiters. */
export function csv(): Target {
  const texts = [
    "a,b,kind\n1,2,x\n3,4,y\n5,6.5,x\n",
    '1,2,"x, y"\r\n3,-4e-2,"say ""x"""\r\n',
    "\ufeffwidth;height;kind\n1;2;0\n1;3;1\n",
    "1\t2\tx\n3\t4\ty",
  ];
  return {
    seeds: texts.map((text) => new TextEncoder().encode(text)),
    words: ["NA", "nan", "inf", "1e39", "1e-46", '""', ";", "\t", "kind"],
    file: FILE,
    async read(bytes) {
      const text = new TextDecoder().decode(bytes.subarray(0, 40));
      const delimiter = text.includes(";") ? ";" : text.includes("\t") ? "\t" : ",";
      // with the dialect that is found, with missing values filled in, and as the config says
      const options = [{}, { missing: "mean" }, { delimiter }] as const;
      await load({ name: "csv", path: "p", ...options[bytes.length % 3] }, [bytes]);
    },
  };
}

/** Tables with categories, gaps and decimal commas: loaded, and read again as rows to predict. */
export function ownTable(): Target {
  const texts = [
    "id,town,x,kind\n1,Rome,2.5,a\n2,,3,b\n3,Bern,NA,a\n",
    '\ufeff"x";"job";"y"\r\n"1,5";"a;b";"no"\r\n"2,5";"c ""d""";"yes"\r\n',
    "39, State-gov, 77516, <=50K\n50, ?, 83311, >50K\n",
  ];
  return {
    seeds: texts.map((text) => new TextEncoder().encode(text)),
    words: ["NA", "?", "nan", "1,5", "1e39", '""', ";", "\t", "kind", "\n\n"],
    file: FILE,
    async read(bytes) {
      const options = { label: -1, missing: "median" } as const;
      const { table, found } = await load({ name: "csv", path: "p", ...options }, [bytes]);
      if (table === undefined) return;
      const columns = table.columns.map((column) => ({ ...column, fill: 0 }));
      const { delimiter, decimal } = found as unknown as Dialect;
      await readEncodedSamples(stored(bytes), { ...options, delimiter, decimal }, {
        ...table,
        columns,
      });
    },
  };
}

/** A .npy file of any header and content. */
function npyOf(header: string, content: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = version === 1 ? [text.length % 256, text.length >> 8] : [text.length, 0, 0, 0];
  const magic = [0x93, ...new TextEncoder().encode("NUMPY"), version, 0];
  return Uint8Array.from([...magic, ...length, ...text, ...content]);
}

const headerOf = (descr: string, shape: string, fortran = "False") =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }\n`;

const NUMBERS = Uint8Array.from({ length: 48 }, (_, i) => i % 3);
const FEATURES = npyOf(headerOf("|u1", "4, 2"), NUMBERS.subarray(0, 8));
const WORDS = ["<f8", ">i8", "|O", "|b1", "True", "'shape'", "(4,)", "(1L, 2L)", "'descr': ["];

/** .npy: types, orders, versions, as samples to predict. */
export function npy(): Target {
  return {
    seeds: [
      FEATURES,
      npyOf(headerOf(">f4", "2, 3", "True"), NUMBERS.subarray(0, 24)),
      npyOf(headerOf("<i8", "3, 2"), NUMBERS, 2),
      npyOf(headerOf("<f2", "2, 3"), NUMBERS.subarray(0, 12), 3),
    ],
    words: WORDS,
    file: FILE,
    async read(bytes) {
      const table = { delimiter: ",", decimal: ".", label: -1 } as const;
      const options = { shape: [2], columns: undefined, table, arrays: ["x_test"] };
      await readSamples(() => Promise.resolve(stored(bytes)), options);
    },
  };
}

/** .npz: stored and deflated, with the usual names and others. */
export function npz(): Target {
  const labels = npyOf(
    headerOf("<i8", "4,"),
    NUMBERS.subarray(0, 32).map((_, i) => i % 8 === 0 ? 1 : 0),
  );
  const zip = (names: readonly [string, string], level: 0 | 6) =>
    new Uint8Array(
      zipSync({ [names[0]]: FEATURES, [names[1]]: labels }, { level, mtime: "2020-01-01" }),
    );
  const usual = ["x_train.npy", "y_train.npy"] as const;
  return {
    seeds: [zip(usual, 0), zip(usual, 6), zip(["a.npy", "b.npy"], 0), zip(["a", "b"], 6)],
    words: [...WORDS, "PK\x03\x04", "PK\x01\x02", "PK\x05\x06", "x_train.npy", "y_train.npy"],
    file: FILE,
    read: (bytes) => load({ name: "npz", path: "p" }, [bytes]),
  };
}
