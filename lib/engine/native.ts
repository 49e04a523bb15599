/**
 * The interface to native libraries, which `lib/io/native.ts` implements.
 *
 * @module
 */

/** Types of a native function's parameters and result, with the TypeScript type of each. */
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
  /** Whether a call runs on a thread of its own and returns a promise. Defaults to false. */
  readonly nonblocking?: true;
};

/**
 * A native variable that a library may lack. A pointer to the variable is loaded, or null if the library
 * lacks it.
 */
export type NativeVariable = { readonly type: "pointer"; readonly optional: true };

/** Signatures of native functions, and native variables, by name. */
export type NativeSignatures = Readonly<Record<string, NativeSignature | NativeVariable>>;

/** Arguments of a native function. */
export type NativeArguments<Parameters extends NativeSignature["parameters"]> = {
  -readonly [Index in keyof Parameters]: NativeTypes[Parameters[Index]];
};

/** A native function. */
export type NativeFunction<Signature extends NativeSignature> = (
  ...arguments_: NativeArguments<Signature["parameters"]>
) => Signature extends { readonly nonblocking: true } ? Promise<NativeTypes[Signature["result"]]>
  : NativeTypes[Signature["result"]];

/** Native functions, and pointers to native variables, by name; null for one that the library lacks. */
export type NativeFunctions<Signatures extends NativeSignatures> = {
  readonly [Name in keyof Signatures]:
    | (Signatures[Name] extends NativeSignature ? NativeFunction<Signatures[Name]> : unknown)
    | null;
};

/** A kind of native library. */
export interface NativeLibrary<Signatures extends NativeSignatures = NativeSignatures> {
  /** Name in messages: "BLAS library". */
  readonly kind: string;
  /** Task with the permission to open one: "train:blas". */
  readonly task: string;
  /** Signatures of the functions and variables to load. */
  readonly functions: Signatures;
}

/** Access to native libraries. */
export interface Native {
  /** URL of the module that exports this object as `native`. Workers import it. */
  readonly module: string;
  /** Name of the operating system, such as "linux". */
  readonly system: string;
  /** Name of the processor's architecture, such as "x86_64". */
  readonly architecture: string;
  /**
   * Opens the library at a path. It stays loaded until the program ends, since a library whose threads may
   * still run cannot be unloaded safely.
   *
   * @param library kind of library, with the functions and variables to load
   * @throws {Deno.errors.NotCapable} without permission to use native libraries
   * @throws {TypeError} if the file is not a library
   */
  open<Signatures extends NativeSignatures>(
    library: NativeLibrary<Signatures>,
    path: string,
  ): NativeFunctions<Signatures>;
  /**
   * Returns the result of `use` for the first path that has a usable file.
   *
   * @param search paths to try, with a description of the expected library and a hint for the error message
   * @param use throws a TypeError if the file is missing or not usable
   * @throws {TypeError} if no path has a usable file; the message lists the paths and the reasons
   */
  first<Result>(
    search: { readonly expected: string; readonly paths: readonly string[]; readonly hint: string },
    use: (path: string) => Result,
  ): Result;
  /** Returns the text, up to its zero byte, that begins at a pointer; "" for the null pointer. */
  textAt(pointer: unknown): string;
  /** Returns a pointer to an address of the process. */
  pointerAt(address: bigint): unknown;
  /** Returns a pointer to the first of some bytes. It is valid while the buffer of the bytes exists. */
  pointerTo(bytes: Uint8Array): unknown;
  /** Returns a function that converts an address in a WebAssembly memory to a pointer. */
  pointersTo(memory: WebAssembly.Memory): (address: number) => unknown;
}
