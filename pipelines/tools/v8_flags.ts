/**
 * V8's flags, and how tasks choose those that their Deno knows.
 *
 * `deno task v8-flags:known` runs this module where V8 has refused the flags. It costs the start of a Deno
 * and therefore imports nothing.
 *
 * @module
 */

/** Flags for V8, each for a reason that the page on performance gives. */
export const V8_FLAGS: readonly string[] = [
  "--no-liftoff",
  "--no-wasm-bounds-checks",
  "--experimental-wasm-revectorize",
  "--max-semi-space-size=1",
];

/**
 * The part of a task's command that its shell replaces by the option `--v8-flags`. The first Deno does not
 * start if V8 refuses a flag; then the second prints those that V8 knows, if any.
 */
export const V8_FLAGS_CHOICE =
  `$(DENO_V8_FLAGS=${V8_FLAGS} deno task -q v8-flags 2>/dev/null || deno task -q v8-flags:known)`;

/** Returns the flags that V8 knows, given what it prints for `--help`. */
export function knownFlags(flags: readonly string[], help: string): readonly string[] {
  const names = new Set([...help.matchAll(/^ +--([\w-]+) \(/gm)].map(([, name]) => name));
  return flags.filter((flag) => names.has(flag.replace(/^--(no-)?/, "").replace(/=.*/, "")));
}

if (import.meta.main) {
  const known = knownFlags(V8_FLAGS, await new Response(Deno.stdin.readable).text());
  if (known.length > 0) console.log(`--v8-flags=${known}`);
}
