/** The formats .npy and .npz, on files that NumPy wrote (fixtures/make_tables.py) and on wrong ones. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { zipSync } from "fflate";
import { readNpy } from "../../../lib/data/formats/npy.ts";
import { openNpz } from "../../../lib/data/formats/npz.ts";
import expected from "../../fixtures/arrays.json" with { type: "json" };

const fixture = (name: string) =>
  Deno.readFileSync(new URL(`../../fixtures/${name}`, import.meta.url));

/** A .npy file of version 1 with any header and content. */
function npy(header: string, content: Uint8Array, version: readonly [number, number] = [1, 0]) {
  const text = new TextEncoder().encode(header);
  const start = [0x93, ...new TextEncoder().encode("NUMPY"), ...version];
  return Uint8Array.from([...start, text.length % 256, text.length >> 8, ...text, ...content]);
}

const u8 = (shape: string) => `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape}), }\n`;

Deno.test("openNpz() reads NumPy's files: each type, byte order, axis order, version, compression", () => {
  for (const archive of ["arrays.npz", "deflated.npz"]) {
    const file = openNpz(fixture(archive), archive);
    let arrays = 0;
    for (const [name, { type, shape, values }] of Object.entries(expected)) {
      const array = file.read(name);
      assertEquals([array.type, array.shape, [...array.values]], [type, shape, values], name);
      arrays++;
    }
    assertEquals(arrays, 28);
    assertEquals(file.names.length, 33);
  }
});

Deno.test("openNpz() opens no pickles, and no other types than numbers", () => {
  const file = openNpz(fixture("arrays.npz"), "a.npz");
  const cases = {
    objects: "Python objects, which are pickled: no pickle is opened",
    texts: `texts ('<U3'): keep labels as integers, and give their names as "classes"`,
    complex: "complex numbers ('<c16')",
    records: "records of several fields",
    times: "'<M8[D]'",
  };
  for (const [name, received] of Object.entries(cases)) {
    assertEquals(
      assertThrows(() => file.read(name), TypeError).message,
      `Cannot read "a.npz: ${name}": expected an array of integers or real numbers: ` +
        `received ${received}`,
    );
  }
});

Deno.test("readNpy() reads headers as other programs write them", () => {
  const content = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const headers = [
    `{"shape":(2,3),"fortran_order":False,"descr":"|u1"}`,
    `{'descr': 'u1', 'fortran_order': False, 'shape': (2L, 3L)}      \n`,
  ];
  for (const header of headers) {
    const { type, shape, values } = readNpy(npy(header, content), "x");
    assertEquals([type, shape, [...values]], ["u8", [2, 3], [1, 2, 3, 4, 5, 6]]);
  }
});

Deno.test("readNpy() rejects input that is not an array of the length that its header says", () => {
  const content = Uint8Array.of(1, 2, 3);
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [
      new TextEncoder().encode("<html></html>"),
      "expected a .npy file, which begins with the bytes 93 4e 55 4d 50 59 and a header: received an HTML page",
    ],
    [
      npy("", content).subarray(0, 9),
      "expected a .npy file, which begins with the bytes 93 4e 55 4d 50 59 and a header: received 9 bytes of one",
    ],
    [
      npy(u8("3,"), content, [4, 0]),
      "expected version 1.0, 2.0 or 3.0 of the .npy format: received version 4.0",
    ],
    [
      npy(u8("3,"), content).subarray(0, 30),
      "expected a header of at most 20 bytes: received one of 58",
    ],
    [
      npy("{'descr': '|u1', 'shape': (3,), }", content),
      `expected a header with 'descr', 'fortran_order' and 'shape': received "{'descr': '|u1', 'shape': (3,), }"`,
    ],
    [
      npy(u8("4,"), content),
      "expected 72 bytes, as its header says ('|u1', [4]): received 71",
    ],
    [
      npy(u8("4294967296, 4294967296"), content),
      "expected 18446744073709552000 bytes, as its header says ('|u1', [4294967296, 4294967296]): received 91",
    ],
  ];
  for (const [bytes, message] of cases) {
    const error = assertThrows(() => readNpy(bytes, "x.npy"), SyntaxError);
    assertEquals(error.message, `Cannot read "x.npy": ${message}`);
  }
});

Deno.test("openNpz() rejects input that is not an archive, and names that it has not", () => {
  const message = (bytes: Uint8Array) =>
    assertThrows(() => openNpz(bytes, "a.npz"), SyntaxError).message;
  const start = 'Cannot read "a.npz": expected a zip archive, as numpy.savez writes: received ';
  assertEquals(message(new Uint8Array()), `${start}an empty file`);
  assertEquals(
    message(npy(u8("3,"), new Uint8Array(3))),
    `${start}a file that begins with the bytes 93 4e 55 4d`,
  );
  assertEquals(
    message(fixture("arrays.npz").subarray(0, 5000)),
    `${start}a damaged one, without a directory`,
  );
  const file = openNpz(zipSync({ "x.npy": npy(u8("3,"), new Uint8Array(3)) }), "a.npz");
  assertEquals(
    assertThrows(() => file.read("y"), RangeError).message,
    'Cannot read "a.npz": expected one of its arrays "x": received "y"',
  );
});

Deno.test("openNpz() decompresses no more than the archive can hold or the header declares", () => {
  const array = npy(u8("1000,"), new Uint8Array(1000));
  const bytes = zipSync({ "x.npy": array });
  // the length of the content in the directory: at byte 24 of its only entry
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const entry = bytes.findLastIndex((_, i) =>
    i + 4 <= bytes.length && view.getUint32(i, true) === 0x02014b50
  );
  const packed = view.getUint32(entry + 20, true);
  const withLength = (length: number) => {
    const changed = bytes.slice();
    new DataView(changed.buffer).setUint32(entry + 24, length, true);
    return assertThrows(() => openNpz(changed, "a.npz").read("x"), Error).message;
  };
  assertEquals(
    withLength(0xfffffffe),
    `Cannot read "a.npz: x": expected at most ${1032 * packed} bytes of ${packed} packed: ` +
      "received a directory that says 4294967294",
  );
  assertEquals(
    withLength(array.length + 1),
    `Cannot read "a.npz: x": expected ${
      array.length + 1
    } bytes, as the archive's directory says: ` +
      `received ${array.length}`,
  );
  assertEquals(
    withLength(array.length - 1),
    `Cannot read "a.npz: x": expected ${
      array.length - 1
    } bytes, as the archive's directory says: ` +
      "received more",
  );
  const damaged = zipSync({ "x.npy": [array, { level: 0 }] });
  damaged[200] ^= 1;
  assertEquals(
    assertThrows(() => openNpz(damaged, "a.npz").read("x"), SyntaxError).message,
    'Cannot read "a.npz: x": expected the checksum that the archive\'s directory says: received another',
  );
});

/** An archive whose directory has entries of these names, all of one file. */
function repeated(content: Uint8Array, names: readonly string[]): Uint8Array<ArrayBuffer> {
  const bytes = zipSync({ "x.npy": content });
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const from = view.getUint32(bytes.length - 6, true);
  const entry = bytes.slice(from, bytes.length - 22);
  const entries = names.map((name) => {
    const changed = Uint8Array.from([...entry.subarray(0, 46), ...new TextEncoder().encode(name)]);
    new DataView(changed.buffer).setUint16(28, name.length, true);
    return changed;
  });
  const length = entries.reduce((sum, { length }) => sum + length, 0);
  const all = new Uint8Array(from + length + 22);
  all.set(bytes.subarray(0, from));
  let at = from;
  for (const each of entries) {
    all.set(each, at);
    at += each.length;
  }
  all.set(bytes.subarray(bytes.length - 22), at);
  const end = new DataView(all.buffer, at);
  end.setUint16(8, names.length, true);
  end.setUint16(10, names.length, true);
  end.setUint32(12, length, true);
  return all;
}

Deno.test("openNpz() rejects duplicate names, files that share bytes, and too many files", () => {
  const received = (names: readonly string[]) => {
    const bytes = repeated(npy(u8("3,"), new Uint8Array(3)), names);
    const { message } = assertThrows(() => openNpz(bytes, "a.npz"), SyntaxError);
    return message.split("received ")[1];
  };
  assertEquals(openNpz(repeated(npy(u8("3,"), new Uint8Array(3)), ["x.npy"]), "a").names, ["x"]);
  assertEquals(received(Array(3000).fill("x.npy")), 'one with two files "x.npy"');
  assertEquals(received(["x", "x.npy", "y"]), "one whose files share bytes");
  const many = Array.from({ length: 2000 }, (_, i) => `x${i}.npy`);
  assertEquals(received(many), "one whose files share bytes");
  const more = Array.from({ length: 4097 }, (_, i) => `x${i}.npy`);
  assertEquals(received(more), "one of more than 4096 files");
  const twice = zipSync({ "x.npy": npy(u8("3,"), new Uint8Array(3)), x: new Uint8Array() });
  assertThrows(() => openNpz(twice, "a"), SyntaxError, 'received one with two arrays "x"');
});

Deno.test("openNpz() reads headers without the arrays behind them", () => {
  let state = 1;
  const noise = Uint8Array.from(
    { length: 1e5 },
    () => (state = Math.imul(state, 1103515245) + 12345) >>> 24,
  );
  const array = npy(u8("100, 1000"), noise);
  for (const level of [0, 6] as const) {
    const bytes = zipSync({ "x.npy": [array, { level }] });
    bytes.fill(0xff, 5000, bytes.length - 200); // what follows the beginning is not looked at
    assertEquals(openNpz(bytes, "a").header("x"), { type: "u8", shape: [100, 1000] });
    assertThrows(() => openNpz(bytes, "a").read("x"), SyntaxError);
  }
});

Deno.test("openNpz() returns an array or a clear error, whichever bytes are damaged", () => {
  const good = fixture("deflated.npz");
  const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 8,
  });
  let errors = 0;
  fc.assert(
    fc.property(damage, (changes) => {
      const bytes = good.slice();
      for (const [at, byte] of changes) bytes[at] = byte;
      try {
        const file = openNpz(bytes, "a.npz");
        for (const name of file.names.slice(0, 5)) file.read(name);
      } catch (error) {
        errors++;
        assert(
          error instanceof Error && error.message.startsWith('Cannot read "a.npz'),
          `${error}`,
        );
      }
    }),
    { seed: 3, numRuns: 300 },
  );
  assert(errors > 10, `${errors}`);
});
