/**
 * `deno task v8-flags:known`: reads V8's own list of flags from stdin, and prints the option
 * `--v8-flags` with those flags of `pipelines/v8_flags.txt` that are in it; nothing if none is.
 *
 * Tasks run this only where V8 has refused the whole file, since it costs the start of a Deno. For the
 * same reason it imports nothing.
 *
 * @module
 */

/** Returns the flags that V8 knows, given what it prints for `--help`. */
export function knownFlags(flags: readonly string[], help: string): readonly string[] {
  const names = new Set([...help.matchAll(/^ +--([\w-]+) \(/gm)].map(([, name]) => name));
  return flags.filter((flag) => names.has(flag.replace(/^--(no-)?/, "").replace(/=.*/, "")));
}

if (import.meta.main) {
  const file = new URL("../v8_flags.txt", import.meta.url);
  const flags = Deno.readTextFileSync(file).trim().split(",");
  const known = knownFlags(flags, await new Response(Deno.stdin.readable).text());
  if (known.length > 0) console.log(`--v8-flags=${known.join(",")}`);
}
