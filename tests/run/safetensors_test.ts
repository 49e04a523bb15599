import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
  type TensorData,
} from "../../lib/run/codec/safetensors.ts";

/** A file with a header of any text, and some bytes behind it. */
function file(header: string, data: readonly number[] = []): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const tensor = (dtype: string, shape: string, from: number, to: number) =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${from},${to}]}`;

Deno.test("encodeSafetensors() lays out one tensor as the format defines", () => {
  const data = new Float32Array([0, 1, 2, 3, 4, 5]);
  const bytes = encodeSafetensors({ tensors: new Map([["a", { shape: [1, 2, 3], data }]]) });
  const header = `{"a":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}     `;
  assertEquals(header.length, 64);
  const numbers = [
    [0, 0, 0, 0],
    [0, 0, 0x80, 0x3f],
    [0, 0, 0, 0x40],
    [0, 0, 0x40, 0x40],
    [0, 0, 0x80, 0x40],
    [0, 0, 0xa0, 0x40],
  ];
  assertEquals(
    [...bytes],
    [64, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(header), ...numbers.flat()],
  );
});

Deno.test("encodeSafetensors() writes an empty file in 16 bytes", () => {
  const bytes = encodeSafetensors({ tensors: new Map() });
  assertEquals([...bytes], [8, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode("{}      ")]);
});

Deno.test("encodeSafetensors() sorts metadata by key, tensors by falling element size and name", () => {
  const entries: readonly (readonly [string, StoredTensor])[] = [
    ["b", { shape: [1], data: new Uint8Array([7]) }],
    ["a", { shape: [], data: new Float32Array([1]) }],
    ["c", { shape: [2], data: new Uint16Array([1, 258]) }],
    ["B", { shape: [1], data: new Int32Array([-1]) }],
    ["d", { shape: [1], data: new BigInt64Array([-2n]) }],
    ["e", { shape: [0, 3], data: new Float64Array([]) }],
  ];
  const metadata = [["z", "1"], ["é", '"'], ["y", "\n"]] as const;
  const bytes = encodeSafetensors({ tensors: new Map(entries), metadata: new Map(metadata) });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assertEquals(length % 8, 0);
  assertEquals(
    new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd(),
    `{"__metadata__":{"y":"\\n","z":"1","é":"\\""},"d":${tensor("I64", "[1]", 0, 8)},` +
      `"e":${tensor("F64", "[0,3]", 8, 8)},"B":${tensor("I32", "[1]", 8, 12)},` +
      `"a":${tensor("F32", "[]", 12, 16)},"c":${tensor("U16", "[2]", 16, 20)},` +
      `"b":${tensor("U8", "[1]", 20, 21)}}`,
  );
  assertEquals(
    [...bytes.subarray(8 + length)],
    [0xfe, ...Array(7).fill(0xff), 255, 255, 255, 255, 0, 0, 0x80, 0x3f, 1, 0, 2, 1, 7],
  );
  const again = encodeSafetensors({
    tensors: new Map(entries.toReversed()),
    metadata: new Map(metadata.toReversed()),
  });
  assertEquals(again, bytes);
});

Deno.test("encodeSafetensors() rejects elements that do not fit the shape, and a reserved name", () => {
  const data = new Float32Array(3);
  assertThrows(
    () => encodeSafetensors({ tensors: new Map([["w", { shape: [2, 2], data }]]) }),
    TypeError,
    'Cannot write tensor "w"',
  );
  assertThrows(
    () => encodeSafetensors({ tensors: new Map([["__metadata__", { shape: [3], data }]]) }),
    TypeError,
    "another name",
  );
});

const data: fc.Arbitrary<TensorData> = fc.oneof(
  fc.float32Array({ maxLength: 9 }),
  fc.float64Array({ maxLength: 9 }),
  fc.int32Array({ maxLength: 9 }),
  fc.uint32Array({ maxLength: 9 }),
  fc.uint16Array({ maxLength: 9 }),
  fc.uint8Array({ maxLength: 9 }),
  fc.bigInt64Array({ maxLength: 9 }),
) as fc.Arbitrary<TensorData>;
const names = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("__proto__", "constructor"),
);

Deno.test("decodeSafetensors() returns the argument of encodeSafetensors()", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(names, data), { selector: ([name]) => name }),
      (entries) => {
        const tensors = new Map(
          entries.map(([name, data]) => [name, { shape: [data.length], data }]),
        );
        const metadata = new Map([["__proto__", "a"], ["b", ""]]);
        const bytes = encodeSafetensors({ tensors, metadata });
        const found = decodeSafetensors(bytes, "x");
        assertEquals(found.metadata, metadata);
        assertEquals(found.tensors.size, tensors.size);
        for (const [name, { data }] of tensors) assertEquals(found.tensors.get(name)?.data, data);
        assertEquals(encodeSafetensors(found), bytes);
      },
    ),
    { seed: 7, numRuns: 200 },
  );
});

Deno.test("decodeSafetensors() reads a view into other bytes, at any offset", () => {
  const data = new Float64Array([1.5]);
  const bytes = encodeSafetensors({ tensors: new Map([["a", { shape: [1], data }]]) });
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  assertEquals(decodeSafetensors(shifted.subarray(3), "x").tensors.get("a")?.data, data);
});

Deno.test("decodeSafetensors() reads tensors in any order, and headers without padding", () => {
  const header = `{"b":${tensor("U8", "[1]", 2, 3)},"a":${tensor("U16", "[1]", 0, 2)}}`;
  const { tensors } = decodeSafetensors(file(header, [1, 1, 9]), "x");
  assertEquals(tensors.get("a")?.data, new Uint16Array([257]));
  assertEquals(tensors.get("b")?.data, new Uint8Array([9]));
});

const huge = "[9007199254740991,9007199254740991]";
for (
  const [what, bytes, message] of [
    ["no bytes", new Uint8Array(), "expected at least 8 bytes: received 0"],
    [
      "a header longer than the file",
      new Uint8Array([9, 0, 0, 0, 0, 0, 0, 0, 123]),
      "at most 1 bytes",
    ],
    ["a header of 2⁶⁴ − 1 bytes", new Uint8Array(16).fill(255), "received 18446744073709551615"],
    ["a header that is no UTF-8", file("{}").fill(255, 9), "a header in UTF-8"],
    ["a header that is no object", file("[]"), 'begins with "{"'],
    ["a header after a byte order mark", file("\ufeff{}"), 'begins with "{"'],
    ["a header after a space", file(" {}"), 'begins with "{"'],
    ["a header with a comment", file("{/**/}"), "expected JSON"],
    [
      "a header with a trailing comma",
      file(`{"a":${tensor("U8", "[0]", 0, 0)},}`),
      "expected JSON",
    ],
    ["text after the header", file("{}x"), "expected JSON"],
    [
      "a name twice",
      file(`{"a":${tensor("U8", "[0]", 0, 0)},"a":${tensor("U8", "[0]", 0, 0)}}`),
      'each name once: received "a" again',
    ],
    [
      "a name twice, once escaped",
      file(`{"a":${tensor("U8", "[0]", 0, 0)},"\\u0061":${tensor("U8", "[0]", 0, 0)}}`),
      "each name once",
    ],
    [
      "dtype twice",
      file('{"a":{"dtype":"U8","dtype":"U8","shape":[],"data_offsets":[0,1]}}', [1]),
      'received "dtype" again',
    ],
    ["deep nesting", file('{"a":'.repeat(100_000)), "a header of three levels"],
    ["deep lists", file(`{"a":${"[".repeat(100_000)}`), "a header of three levels"],
    ["an unknown dtype", file(`{"a":${tensor("F16", "[1]", 0, 2)}}`, [0, 0]), 'received "F16"'],
    [
      "a dtype of Object.prototype",
      file(`{"a":${tensor("constructor", "[1]", 0, 2)}}`),
      "a dtype of",
    ],
    ["no dtype", file('{"a":{"shape":[],"data_offsets":[0,1]}}', [0]), "received none"],
    ["a tensor that is no object", file('{"a":3}'), "a dtype of"],
    ["a negative length", file(`{"a":${tensor("U8", "[-1]", 0, 0)}}`), "a shape of whole numbers"],
    ["a broken length", file(`{"a":${tensor("U8", "[0.5]", 0, 0)}}`), "a shape of whole numbers"],
    ["a shape that is text", file(`{"a":${tensor("U8", '"1"', 0, 1)}}`, [0]), "a shape of whole"],
    ["a shape beyond all files", file(`{"a":${tensor("U8", huge, 0, 0)}}`), "bytes for its shape"],
    [
      "fewer bytes than the shape",
      file(`{"a":${tensor("F32", "[2]", 0, 4)}}`, [0, 0, 0, 0]),
      "8 bytes for its shape: received 0 to 4",
    ],
    [
      "three offsets",
      file('{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1,1]}}', [0]),
      "two whole",
    ],
    [
      "an unknown key",
      file('{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"x":1}}', [0]),
      'received "x"',
    ],
    [
      "bytes before the first tensor",
      file(`{"a":${tensor("U8", "[1]", 1, 2)}}`, [0, 0]),
      "from byte 0",
    ],
    [
      "a gap",
      file(`{"a":${tensor("U8", "[1]", 0, 1)},"b":${tensor("U8", "[1]", 2, 3)}}`, [0, 0, 0]),
      "from byte 1",
    ],
    [
      "an overlap",
      file(`{"a":${tensor("U8", "[2]", 0, 2)},"b":${tensor("U8", "[2]", 1, 3)}}`, [0, 0, 0]),
      "from byte 2",
    ],
    ["an end beyond the file", file(`{"a":${tensor("U8", "[2]", 0, 2)}}`, [0]), "within 1"],
    [
      "bytes behind the last tensor",
      file(`{"a":${tensor("U8", "[1]", 0, 1)}}`, [0, 0]),
      "1 bytes of elements: received 2",
    ],
    ["metadata that is no text", file('{"__metadata__":{"a":1}}'), "text in __metadata__"],
    ["metadata that is a list", file('{"__metadata__":["a"]}'), "text in __metadata__"],
    ["metadata that is null", file('{"__metadata__":null}'), "text in __metadata__"],
  ] as const
) {
  Deno.test(`decodeSafetensors() rejects ${what}`, () => {
    const { message: found } = assertThrows(
      () => decodeSafetensors(bytes, '"x"'),
      SyntaxError,
      message,
    );
    assert(found.startsWith("Cannot read "), found);
  });
}

Deno.test("decodeSafetensors() reads a file or throws a SyntaxError, whatever is damaged", () => {
  const intact = encodeSafetensors({
    tensors: new Map<string, StoredTensor>([
      ["weight", { shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) }],
      ["labels", { shape: [3], data: new Uint16Array([1, 2, 3]) }],
    ]),
    metadata: new Map([["a", "b"]]),
  });
  const change = fc.tuple(fc.nat(intact.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), fc.nat(intact.length), (changes, length) => {
      const bytes = intact.slice();
      for (const [at, value] of changes) bytes[at] = value;
      try {
        decodeSafetensors(bytes.subarray(0, length), "x");
      } catch (error) {
        assert(error instanceof SyntaxError, String(error));
      }
    }),
    { seed: 7, numRuns: 2000 },
  );
});
