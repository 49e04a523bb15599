/** Samples of the proofs that need nothing but Deno; tests/full has those of the others. */
import { assertEquals, assertThrows } from "@std/assert";
import { proofTable, withProof } from "./proof.ts";
import { proofs } from "./proofs.ts";
import { PAGE } from "./prove.ts";

const ROOT = new URL("../../", import.meta.url);

for (const { name, about, needsPackages = false, run } of proofs) {
  if (needsPackages) continue;
  Deno.test(`a sample of the proof "${name}" holds: ${about}`, async () => {
    const { failures } = await run({ sample: true, seed: 1, log() {} });
    assertEquals(failures, []);
  });
}

Deno.test("every proof has a table of its columns on the page", async () => {
  const page = await Deno.readTextFile(new URL(PAGE, ROOT));
  for (const { name, columns } of proofs) {
    const [, table = ""] = page.split(`<!-- prove ${name} -->`);
    const [title = ""] = /^\|.*$/m.exec(table) ?? [];
    assertEquals(title.split("|").map((cell) => cell.trim()).slice(1, -1), columns, name);
  }
});

Deno.test("proofTable() aligns columns of counts to the right, with separated thousands", () => {
  const table = proofTable({ columns: ["Command", "Kills"] }, [["train | sweep", 12345], [
    "all",
    7,
  ]]);
  assertEquals(
    table,
    "| Command | Kills |\n| --- | ---: |\n| train \\| sweep | 12,345 |\n| all | 7 |",
  );
});

Deno.test("withProof() replaces the text between a proof's comments, and nothing else", () => {
  const page = "above\n<!-- prove a -->\n\nold\n\n<!-- /prove a -->\nbelow\n";
  assertEquals(
    withProof(page, "a", "new"),
    "above\n<!-- prove a -->\n\nnew\n\n<!-- /prove a -->\nbelow\n",
  );
  assertThrows(() => withProof(page, "b", "new"), SyntaxError, "<!-- prove b -->");
});
