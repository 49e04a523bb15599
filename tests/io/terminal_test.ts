import { assertEquals } from "@std/assert";
import type { Output } from "../../lib/io/print.ts";
import { openTerminal } from "../../lib/io/terminal.ts";

/** An output that remembers, and takes few bytes at a time as a slow pipe does. */
function recorder(isLive: boolean): Output & { text(): string } {
  const written: number[] = [];
  return {
    writeSync(bytes) {
      written.push(...bytes.subarray(0, 5));
      return Math.min(bytes.length, 5);
    },
    isTerminal: () => isLive,
    text: () => new TextDecoder().decode(Uint8Array.from(written.splice(0))),
  };
}

Deno.test("openTerminal() rewrites live lines in place, cut to the terminal's width", () => {
  const output = recorder(true);
  const terminal = openTerminal({ output, columns: () => 6, colour: false });
  terminal.show(["epoch 1", "loss"]);
  assertEquals(output.text(), "epoch \nloss\n");
  terminal.show(["epoch 2"]);
  assertEquals(output.text(), "\r\x1b[2A\x1b[Jepoch \n");
  terminal.print("a warning, above");
  assertEquals(output.text(), "\r\x1b[1A\x1b[Ja warning, above\nepoch \n");
  terminal.keep();
  terminal.show(["next"]);
  assertEquals(output.text(), "next\n");
  terminal.show([]);
  assertEquals(output.text(), "\r\x1b[1A\x1b[J");
});

Deno.test("openTerminal() writes control sequences only to a terminal", () => {
  const output = recorder(false);
  const terminal = openTerminal({ output, colour: true });
  terminal.show(["live"]);
  terminal.print(terminal.style("done", "green"));
  assertEquals([terminal.isLive, output.text()], [false, "done\n"]);
});

Deno.test("openTerminal() colours a terminal unless colours are switched off", () => {
  const output = recorder(true);
  const styled = (colour: boolean) => {
    const terminal = openTerminal({ output, colour });
    terminal.print(terminal.style("x", "red"));
    return output.text();
  };
  assertEquals([styled(true), styled(false)], ["\x1b[31mx\x1b[0m\n", "x\n"]);
});

Deno.test("openTerminal() escapes control sequences in printed texts, also in styled ones", () => {
  const output = recorder(true);
  const terminal = openTerminal({ output, columns: () => 40, colour: true });
  terminal.print(`label \x1b[31m${terminal.style("\x1b[2J", "dim")}`);
  assertEquals(output.text(), "label \\u001b[31m\x1b[2m\\u001b[2J\x1b[0m\n");
  terminal.show(["a\nb\x9b", terminal.style("c\x07", "cyan")]);
  assertEquals(output.text(), "a\\nb\\u009b\n\x1b[36mc\\u0007\x1b[0m\n");
});

Deno.test("only the modules that escape control characters print", async () => {
  const root = new URL("../../", import.meta.url);
  const printing: string[] = [];
  for (const folder of ["lib", "pipelines"]) {
    for await (const path of sourcesBelow(new URL(`${folder}/`, root))) {
      const lines = (await Deno.readTextFile(path)).split("\n");
      const isPrinting = (line: string) =>
        !/^\s*(\*|\/\/)/.test(line) && /\bconsole\.|Deno\.std(out|err)\b/.test(line);
      if (lines.some(isPrinting)) printing.push(path.pathname.slice(root.pathname.length));
    }
  }
  // the tool that finds V8's flags runs without the project's configuration
  const allowed = ["lib/io/print.ts", "lib/io/terminal.ts", "pipelines/tools/v8_flags.ts"];
  assertEquals(printing.sort(), allowed);
});

async function* sourcesBelow(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sourcesBelow(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts")) yield new URL(name, folder);
  }
}

Deno.test("openTerminal() continues if its reader is gone or the disk is full, and fails on other errors", () => {
  const failing = (error: Error): Output => ({
    writeSync() {
      throw error;
    },
    isTerminal: () => false,
  });
  openTerminal({ output: failing(new Deno.errors.BrokenPipe()) }).print("x");
  openTerminal({ output: failing(Object.assign(new Error(), { code: "ENOSPC" })) }).print("x");
  let caught: unknown;
  try {
    openTerminal({ output: failing(new RangeError("other")) }).print("x");
  } catch (error) {
    caught = error;
  }
  assertEquals(caught instanceof RangeError, true);
});
