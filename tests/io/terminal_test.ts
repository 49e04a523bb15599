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

Deno.test("openTerminal() rewrites live lines in place, cut to the width", () => {
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

Deno.test("openTerminal() writes no control sequence to what is no terminal", () => {
  const output = recorder(false);
  const terminal = openTerminal({ output, colour: true });
  terminal.show(["live"]);
  terminal.print(terminal.style("done", "green"));
  assertEquals([terminal.isLive, output.text()], [false, "done\n"]);
});

Deno.test("openTerminal() colours a terminal unless colours are not wanted", () => {
  const output = recorder(true);
  const styled = (colour: boolean) => openTerminal({ output, colour }).style("x", "red");
  assertEquals([styled(true), styled(false)], ["\x1b[31mx\x1b[0m", "x"]);
});

Deno.test("openTerminal() goes on when its reader has gone away or the disk is full, and fails on other errors", () => {
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
