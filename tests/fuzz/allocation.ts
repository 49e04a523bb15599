/**
 * Counts what typed arrays and buffers take, by standing in for their constructors: the sum over a case is
 * the most that it can hold at a time.
 *
 * @module
 */
let bytes = 0;
let isCounting = false;

/** Bytes that were allocated so far. */
export function allocated(): number {
  return bytes;
}

/** Counts from now on, in this process. */
export function countAllocations(): void {
  if (isCounting) return;
  isCounting = true;
  for (const name of ["ArrayBuffer", "SharedArrayBuffer", "Array"] as const) {
    count(name, (length) => name === "Array" ? 8 * length : length);
  }
  for (
    const name of [
      "Uint8Array",
      "Int8Array",
      "Uint16Array",
      "Int16Array",
      "Uint32Array",
      "Int32Array",
      "Float32Array",
      "Float64Array",
    ] as const
  ) count(name, (length) => length * globalThis[name].BYTES_PER_ELEMENT);
}

function count(name: keyof typeof globalThis, bytesOf: (length: number) => number): void {
  const Original = globalThis[name] as unknown as { new (...args: unknown[]): object };
  const handler: ProxyHandler<typeof Original> = {
    construct(target, args, newTarget): object {
      if (typeof args[0] === "number") bytes += bytesOf(args[0]);
      return Reflect.construct(target, args, newTarget === counting ? target : newTarget);
    },
  };
  const counting = new Proxy(Original, handler);
  Object.defineProperty(globalThis, name, { value: counting, writable: true, configurable: true });
}
