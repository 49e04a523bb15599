/**
 * Access to native libraries. No other module opens one.
 *
 * @module
 */
import type { Native } from "../engine/native.ts";

/** Functions that open native libraries and convert pointers. They need the permission `--allow-ffi`. */
export const native: Native = {
  module: import.meta.url,
  system: Deno.build.os,
  architecture: Deno.build.arch,
  open({ kind, task, functions }, path) {
    try {
      return Deno.dlopen(path, functions as Deno.ForeignLibraryInterface).symbols as never;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) {
        throw new Deno.errors.NotCapable(
          `Cannot use a ${kind}: expected permission to call native code: received none: ` +
            `use "deno task ${task}", which alone has it`,
          { cause: error },
        );
      }
      const reason = (error as Error).message.replaceAll("Could not open library: ", "");
      throw new TypeError(`Cannot use "${path}": expected a ${kind}: received ${reason}`);
    }
  },
  first({ expected, paths, hint }, use) {
    const unusable: string[] = [];
    for (const path of paths) {
      try {
        return use(path);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        if (!/no such file/i.test(error.message)) unusable.push(error.message);
      }
    }
    throw new TypeError([
      `${expected}: received none of`,
      ...paths.map((path) => `  ${path}`),
      ...unusable,
      hint,
    ].join("\n"));
  },
  textAt: (pointer) =>
    pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer as Deno.PointerObject),
  pointerAt: (address) => Deno.UnsafePointer.create(address),
  pointerTo: (bytes) => Deno.UnsafePointer.of(bytes as Uint8Array<ArrayBuffer>),
  /**
   * Returns a function from addresses in a memory to pointers. It caches the pointers: creating one
   * allocates and takes ten times as long as passing it, and the operands of a program have the same
   * addresses in every step.
   */
  pointersTo({ buffer }) {
    const start = Deno.UnsafePointer.value(Deno.UnsafePointer.of(new Uint8Array(buffer)));
    const known = new Map<number, Deno.PointerValue>();
    return (address) => {
      const found = known.get(address);
      if (found !== undefined) return found;
      const made = Deno.UnsafePointer.create(start + BigInt(address));
      known.set(address, made);
      return made;
    };
  },
};
