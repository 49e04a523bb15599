/**
 * Native libraries as the engine uses them. `lib/io/native.ts` opens them and implements this interface.
 *
 * @module
 */

/** Types of a native function's parameters and result, and what stands for them in TypeScript. */
export type NativeTypes = {
  readonly i32: number;
  readonly f32: number;
  readonly isize: number | bigint;
  readonly pointer: unknown;
  readonly buffer: Uint8Array<ArrayBuffer>;
  readonly void: void;
};

/** Signature of a native function that a library may lack. */
export type NativeSignature = {
  readonly parameters: readonly Exclude<keyof NativeTypes, "void">[];
  readonly result: Exclude<keyof NativeTypes, "buffer">;
  readonly optional: true;
};

/** Signatures of native functions by name. */
export type NativeSignatures = Readonly<Record<string, NativeSignature>>;

/** Arguments of a native function. */
export type NativeArguments<Parameters extends NativeSignature["parameters"]> = {
  -readonly [Index in keyof Parameters]: NativeTypes[Parameters[Index]];
};

/** Native functions of some signatures; null where a library lacks one. */
export type NativeFunctions<Signatures extends NativeSignatures> = {
  readonly [Name in keyof Signatures]:
    | ((
      ...arguments_: NativeArguments<Signatures[Name]["parameters"]>
    ) => NativeTypes[Signatures[Name]["result"]])
    | null;
};

/** Native libraries of one kind. */
export interface NativeLibrary<Signatures extends NativeSignatures = NativeSignatures> {
  /** What messages call one: "BLAS library". */
  readonly kind: string;
  /** Task that has the permission to open one: "train:blas". */
  readonly task: string;
  /** Functions that are called. */
  readonly functions: Signatures;
}

/** Access to native libraries. */
export interface Native {
  /** URL of the module that exports this object as `native`, for workers. */
  readonly module: string;
  /** Name of the operating system, such as "linux". */
  readonly system: string;
  /** Name of the processor's architecture, such as "x86_64". */
  readonly architecture: string;
  /**
   * Opens a library, which stays loaded until the program ends: one whose threads may still be there
   * cannot be unloaded safely.
   *
   * @throws {Deno.errors.NotCapable} without permission to use native libraries
   * @throws {TypeError} if the file is no library
   */
  open<Signatures extends NativeSignatures>(
    library: NativeLibrary<Signatures>,
    path: string,
  ): NativeFunctions<Signatures>;
  /**
   * Returns what `use` makes of the first path that has a usable file.
   *
   * @param use throws a TypeError where the file is missing or not usable
   * @throws {TypeError} if no path has one; it lists the paths, and why files there are not usable
   */
  first<Result>(
    search: { readonly expected: string; readonly paths: readonly string[]; readonly hint: string },
    use: (path: string) => Result,
  ): Result;
  /** Returns the text at a pointer, which ends with a zero byte; "" for the null pointer. */
  textAt(pointer: unknown): string;
  /** Returns a function from addresses of a memory to pointers. */
  pointersTo(memory: WebAssembly.Memory): (address: number) => unknown;
}
