/**
 * Emits kernels of pure arithmetic, as fast as WebAssembly allows, for measuring a processor's peak rate. They compute
 * eight numbers at a time as two adjacent vectors, which V8 may merge into one vector of twice the width, as in the
 * engine's kernels.
 *
 * @module
 */

import { type Code, encodeModule, encodeUnsigned } from "../../engine/wasm/binary.ts";
import type { Machine, Plan } from "../../engine/backend.ts";
import type { Kernels } from "../../engine/workers/kernel_module.ts";
import { openMachine } from "../../engine/workers/machine.ts";
import { KERNEL_SCRATCH, type Program } from "../../engine/program/program.ts";

const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const I32_CONST = 0x41;
const I32_ADD = 0x6a;
const LOOP = [0x03, 0x40];
const IF = [0x04, 0x40];
const CONTINUE = [0x0c, 0x01];
const END = 0x0b;
const simd = (opcode: number): Code => [0xfd, encodeUnsigned(opcode)];
const LOAD = 0x00;
const STORE = 0x0b;
const ADD = 0xe4;
const MUL = 0xe6;
const get = (local: number): Code => [LOCAL_GET, encodeUnsigned(local)];
const set = (local: number): Code => [LOCAL_SET, encodeUnsigned(local)];
/** Size of a vector [bytes]. */
const VECTOR = 16;
/** Size of a pair of vectors [bytes]. */
const STEP = 32;

const add = (a: Code, b: Code): Code => [a, b, simd(ADD)];
const mul = (a: Code, b: Code): Code => [a, b, simd(MUL)];

/**
 * Numbers of independent sums in the measured kernels, which keep them in registers. Each sum is a pair of
 * vectors. Twelve sums fit into the registers if V8 merges pairs of vectors, and six otherwise.
 */
export const SUMS: readonly number[] = [6, 12];

/**
 * Compiles the kernels and instantiates them on a WebAssembly memory. The signature is that of {@linkcode
 * KernelModule}; the kernels need no setup.
 */
export function openKernels(_setup: unknown, memory: WebAssembly.Memory): Promise<Kernels> {
  const module = new WebAssembly.Module(encodeModule(SUMS.map((sums) => ({
    name: `arithmetic${sums}`,
    parameters: 2,
    integerLocals: 0,
    vectorLocals: 2 * (sums + 2),
    body: arithmeticBody(sums),
  }))));
  return Promise.resolve(new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels);
}

/** Opens a machine that runs programs with the arithmetic kernels. */
export function openArithmeticMachine(plan: Plan): Promise<Machine> {
  return openMachine(plan, { module: import.meta.url, setup: undefined });
}

/**
 * Number of rows of a measured kernel call, which are divided among the workers, and of rounds for each row.
 * Every sum is updated once in a round.
 */
const PIECES = 256;
const ROUNDS = 16;

/**
 * Returns a program of one kernel call that repeats sum = sum x + y for several independent sums, so that no
 * unit of the processor is idle. Memory is accessed only at the beginning and at the end of the call.
 *
 * @param sums number of independent sums, one of {@linkcode SUMS}
 */
export function arithmeticProgram(sums: number): Program {
  const region = { space: KERNEL_SCRATCH, offset: 0 };
  return {
    calls: [{
      kernel: `arithmetic${sums}`,
      arguments: [region, { rows: ROUNDS }],
      rows: PIECES,
      reads: [],
      writes: [],
      flops: 2 * PIECES * ROUNDS * sums * (STEP / 4),
    }],
    labels: ["loop"],
    loops: [],
    spaces: { [KERNEL_SCRATCH]: STEP * (sums + 2) },
    layouts: {},
  };
}

/**
 * Emits the code of a kernel: load registers; for (; rounds > 0; rounds--) { update every sum }; store
 * registers.
 *
 * @param count number of sums
 */
function arithmeticBody(count: number): Code {
  const [pointer, rounds] = [0, 1];
  const halves = [0, 1];
  const local = (register: number, half: number) => 2 + 2 * register + half;
  const offset = (register: number, half: number) =>
    encodeUnsigned(STEP * register + VECTOR * half);
  const registers = Array.from({ length: count + 2 }, (_, register) => register);
  const sums = registers.slice(0, count);
  const [x, y] = [count, count + 1];
  const inBoth = (which: readonly number[], code: (register: number, half: number) => Code): Code =>
    which.map((register) => halves.map((half) => code(register, half)));
  return [
    inBoth(registers, (register, half) => [
      [get(pointer), simd(LOAD), 2, offset(register, half), set(local(register, half))],
    ]),
    [LOOP, get(rounds), IF],
    inBoth(sums, (sum, half) => [
      add(mul(get(local(sum, half)), get(local(x, half))), get(local(y, half))),
      set(local(sum, half)),
    ]),
    [get(rounds), I32_CONST, 0x7f, I32_ADD, set(rounds)], // less 1
    [CONTINUE, END, END],
    inBoth(sums, (sum, half) => [
      [get(pointer), get(local(sum, half)), simd(STORE), 2, offset(sum, half)],
    ]),
  ];
}
