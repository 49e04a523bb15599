/**
 * V8 flags of the tasks, and the choice of those that the installed Deno accepts.
 *
 * `deno task v8-flags:known` runs this module if V8 rejects the flags. The module imports nothing, so that
 * this costs no more than starting Deno.
 *
 * @module
 */

/** Flags for V8; the page on performance has the reason for each. */
export const V8_FLAGS: readonly string[] = [
  "--no-liftoff",
  "--no-wasm-bounds-checks",
  "--experimental-wasm-revectorize",
  "--max-semi-space-size=1",
];

/**
 * Shell substitution in a task's command that yields the option `--v8-flags`. The first call of Deno fails
 * if V8 rejects one of the flags. The second call then prints those flags that V8 accepts, if there are
 * any.
 */
export const V8_FLAGS_CHOICE =
  `$(DENO_V8_FLAGS=${V8_FLAGS} deno task -q v8-flags 2>/dev/null || deno task -q v8-flags:known)`;

/** Returns those of the flags that V8 accepts; `help` is V8's output for `--help`. */
export function knownFlags(flags: readonly string[], help: string): readonly string[] {
  const names = new Set([...help.matchAll(/^ +--([\w-]+) \(/gm)].map(([, name]) => name));
  return flags.filter((flag) => names.has(flag.replace(/^--(no-)?/, "").replace(/=.*/, "")));
}

if (import.meta.main) {
  const known = knownFlags(V8_FLAGS, await new Response(Deno.stdin.readable).text());
  if (known.length > 0) console.log(`--v8-flags=${known}`);
}
