/** Ranks over MPI, by a library of one rank that is written here; tests/prove/ranks has real ones. */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Native } from "../../../lib/engine/native.ts";
import { detectLauncher } from "../../../lib/io/mpi/launcher.ts";
import { MpiError } from "../../../lib/io/mpi/library.ts";
import { joinMpiRanks, RankTimeoutError } from "../../../lib/io/mpi/ranks.ts";
import { native } from "../../../lib/io/native.ts";

/** Behaviour of the simulated library. */
interface Behaviour {
  /** Number of ranks that it reports. */
  readonly size?: number;
  /** Code that MPI_Ialltoallv returns. */
  readonly code?: number;
  /** Tests after which a collective is complete. */
  readonly tests?: number;
}

/** A library with MPICH's handles, whose rank 0 exchanges bytes with itself; pointers are the bytes. */
function fakeNative({ size = 1, code = 0, tests = 3 }: Behaviour): Native {
  const set = (bytes: Uint8Array<ArrayBuffer>, value: number) =>
    void (new Int32Array(bytes.buffer)[0] = value);
  const text = (words: string) => (bytes: Uint8Array, length: Uint8Array<ArrayBuffer>) => {
    bytes.set(new TextEncoder().encode(words));
    set(length, words.length);
    return 0;
  };
  let left = 0;
  const copy = (from: Uint8Array, count: Uint8Array<ArrayBuffer>, to: Uint8Array) => {
    to.set(from.subarray(0, new Int32Array(count.buffer)[0]));
    left = tests;
    return code;
  };
  const functions = {
    MPI_Init_thread: () => 0,
    MPI_Comm_set_errhandler: () => 0,
    MPI_Comm_rank: (_world: number, bytes: Uint8Array<ArrayBuffer>) => (set(bytes, 0), 0),
    MPI_Comm_size: (_world: number, bytes: Uint8Array<ArrayBuffer>) => (set(bytes, size), 0),
    MPI_Get_library_version: text("MPICH Version: 4.0\nmore"),
    MPI_Get_processor_name: text("host1"),
    MPI_Error_string: (_code: number, ...rest: [Uint8Array, Uint8Array<ArrayBuffer>]) =>
      text("no such rank")(...rest),
    // deno-fmt-ignore
    MPI_Ialltoallv: (
      from: Uint8Array, count: Uint8Array<ArrayBuffer>, _at: Uint8Array, _type: number, to: Uint8Array,
    ) => copy(from, count, to),
    MPI_Iallgatherv: (from: Uint8Array, count: number, _type: number, to: Uint8Array) =>
      copy(from, new Uint8Array(Int32Array.of(count).buffer), to),
    MPI_Test: (_request: Uint8Array, flag: Uint8Array<ArrayBuffer>) => (
      set(flag, left-- > 0 ? 0 : 1), 0
    ),
    MPI_Iprobe: () => 0,
    MPI_Finalize: () => 0,
  };
  return {
    ...native,
    open: () => functions as never,
    first: ({ paths: [path] }, use) => use(path),
    pointerAt: () => null,
    pointerTo: (bytes) => bytes,
  };
}

const launcher = { abi: "mpich", variable: "PMI_SIZE", size: 1 } as const;

function open(behaviour: Behaviour, patience = 5) {
  return joinMpiRanks(fakeNative(behaviour), { launcher, patience });
}

Deno.test("joinMpiRanks() exchanges and gathers blocks, and knows library and host", async () => {
  const ranks = open({});
  assertEquals(
    [ranks.rank, ranks.size, ranks.version, ranks.host],
    [0, 1, "MPICH Version: 4.0", "host1"],
  );
  const all = new Uint8Array(8);
  await ranks.exchange([Uint8Array.of(1, 2, 3)], [all.subarray(2, 5)]);
  await ranks.gather(Uint8Array.of(9), [all.subarray(7)]);
  assertEquals(all, Uint8Array.of(0, 0, 1, 2, 3, 0, 0, 9));
  await ranks.exchange([all.subarray(0, 0)], [all.subarray(0, 0)]);
  await ranks.close();
});

Deno.test("exchange() rejects once the deadline has passed without an answer", async () => {
  const ranks = open({ tests: Infinity }, 0.02);
  const one = () => [new Uint8Array(1)];
  await assertRejects(
    () => ranks.exchange(one(), one()),
    RankTimeoutError,
    "expected all to answer within 0.02 s: received no answer on rank 0, host host1",
  );
});

Deno.test("exchange() rejects with the library's text for an error code", async () => {
  const one = () => [new Uint8Array(1)];
  await assertRejects(
    () => open({ code: 6 }).exchange(one(), one()),
    MpiError,
    "MPI_Ialltoallv to succeed: received no such rank",
  );
});

Deno.test("joinMpiRanks() rejects a process without a launcher, and a library that connects no ranks", () => {
  assertThrows(
    () => joinMpiRanks(fakeNative({}), { launcher: undefined, patience: 1 }),
    TypeError,
    'run "mpirun -n 2 deno task train:mpi CONFIG"',
  );
  assertThrows(
    () => open({ size: 2 }),
    TypeError,
    "expected 1 of them, by PMI_SIZE: received 2 from MPICH Version: 4.0",
  );
});

Deno.test({
  name: "joinMpiRanks() says which task may call native code, where this program may not",
  permissions: { ffi: false },
  fn: () =>
    void assertThrows(
      () => joinMpiRanks(native, { launcher, patience: 1 }),
      Deno.errors.NotCapable,
      'use "deno task train:mpi"',
    ),
});

Deno.test("detectLauncher() recognizes mpirun of Open MPI and of MPICH, and srun", () => {
  const of = (variables: Readonly<Record<string, string>>) =>
    detectLauncher((variable) => variables[variable]);
  assertEquals(of({}), undefined);
  assertEquals(of({ OMPI_COMM_WORLD_SIZE: "4", PMIX_RANK: "1" }), {
    abi: "openMpi",
    variable: "OMPI_COMM_WORLD_SIZE",
    size: 4,
  });
  assertEquals(of({ PMI_SIZE: "2" }), { abi: "mpich", variable: "PMI_SIZE", size: 2 });
  assertEquals(of({ PMIX_RANK: "0" }), { abi: "openMpi", variable: "PMIX_RANK" });
});
