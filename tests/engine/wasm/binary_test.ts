import { assert, assertEquals } from "@std/assert";
import {
  type Code,
  encodeModule,
  encodeSigned,
  encodeUnsigned,
  flattenCode,
} from "../../../lib/engine/wasm/binary.ts";
import { compile } from "../../../lib/engine/compiler/compile.ts";
import { emitLoops } from "../../../lib/engine/wasm/emit.ts";
import { compileKernels } from "../../../lib/engine/workers/machine.ts";
import { add, broadcastRow, exp, input, log, sum } from "../../../lib/tensor/mod.ts";

const bytesOf = (code: Code): number[] => [...flattenCode(code)];

Deno.test("flattenCode() concatenates nested bytes", () => {
  assertEquals(bytesOf([1, [2, [], Uint8Array.of(3, 4)], [[[5]]]]), [1, 2, 3, 4, 5]);
  assertEquals(bytesOf(6), [6]);
});

Deno.test("encodeUnsigned() writes LEB128: seven bits per byte, the lowest first", () => {
  assertEquals([0, 1, 127].map(encodeUnsigned).map(bytesOf), [[0], [1], [127]]);
  assertEquals(bytesOf(encodeUnsigned(128)), [0x80, 1]);
  assertEquals(bytesOf(encodeUnsigned(16383)), [0xff, 0x7f]);
  assertEquals(bytesOf(encodeUnsigned(16384)), [0x80, 0x80, 1]);
  assertEquals(bytesOf(encodeUnsigned(624485)), [0xe5, 0x8e, 0x26]); // the example of the DWARF specification
  assertEquals(bytesOf(encodeUnsigned(2 ** 32 - 1)), [0xff, 0xff, 0xff, 0xff, 0x0f]);
});

Deno.test("encodeSigned() writes LEB128 with the sign in the highest bit", () => {
  assertEquals([0, 63, -1, -64].map(encodeSigned).map(bytesOf), [[0], [63], [0x7f], [0x40]]);
  assertEquals(bytesOf(encodeSigned(64)), [0xc0, 0]);
  assertEquals(bytesOf(encodeSigned(-65)), [0xbf, 0x7f]);
  assertEquals(bytesOf(encodeSigned(127)), [0xff, 0]);
  assertEquals(bytesOf(encodeSigned(-128)), [0x80, 0x7f]);
  assertEquals(bytesOf(encodeSigned(-123456)), [0xc0, 0xbb, 0x78]);
  assertEquals(bytesOf(encodeSigned(2 ** 31 - 1)), [0xff, 0xff, 0xff, 0xff, 0x07]);
  assertEquals(bytesOf(encodeSigned(-(2 ** 31))), [0x80, 0x80, 0x80, 0x80, 0x78]);
});

Deno.test("encodeModule() encodes a module that exports its functions and imports one shared memory", () => {
  const functions = [0, 3, 200].map((parameters, index) => ({
    name: `f${index}`,
    parameters,
    integerLocals: 0,
    vectorLocals: 150,
    body: [],
  }));
  for (const some of [[], functions]) {
    const bytes = encodeModule(some);
    assert(WebAssembly.validate(bytes));
    const module = new WebAssembly.Module(bytes);
    const exports = some.map(({ name }) => ({ name, kind: "function" as const }));
    assertEquals(WebAssembly.Module.exports(module), exports);
    const imports = [{ module: "env", name: "memory", kind: "memory" as const }];
    assertEquals(WebAssembly.Module.imports(module), imports);
  }
});

Deno.test("compiled loops are valid modules: none, one, and one of hundreds of operations", () => {
  const x = input("x", [3, 5]);
  let long = exp(x);
  for (let i = 0; i < 30; i++) long = log(add(exp(long), i));
  for (const y of [sum(x, "rows"), add(x, 1), add(broadcastRow(sum(long, "rows"), 3), long)]) {
    assert(WebAssembly.validate(emitLoops(compile({ outputs: { y } }).loops)));
  }
});

Deno.test("the kernels are a module that imports only the shared memory", () => {
  assertEquals(WebAssembly.Module.imports(compileKernels()).map(({ name }) => name), ["memory"]);
});
