import { assert, assertEquals } from "@std/assert";
import type { FindingEntry, TrainingOutcome } from "../../lib/evaluate/findings/finding.ts";
import { findings, findingTable } from "../../lib/evaluate/findings/mod.ts";
import { OUTCOMES, UNKNOWN } from "../evaluate/findings/outcomes.ts";
import { deepFrozen } from "../numbers.ts";

const ENTRIES: readonly (readonly [string, FindingEntry])[] = Object.entries(findingTable);

for (const [index, [name, entry]] of ENTRIES.entries()) {
  const outcome: TrainingOutcome | undefined = OUTCOMES[name];

  Deno.test(`finding "${name}" is documented, and its remedy names a key of the config`, () => {
    for (const text of [entry.doc, entry.remedy]) {
      assert(text.length > 0 && !text.endsWith("."), text);
    }
    assert(/\btrain\.[a-z]\w+/.test(entry.remedy), entry.remedy);
    assert(/^[a-z]/.test(entry.remedy), entry.remedy);
  });

  Deno.test(`finding "${name}" is explained by earlier findings only`, () => {
    const earlier = ENTRIES.slice(0, index).map(([name]) => name);
    assertEquals((entry.explainedBy ?? []).filter((name) => !earlier.includes(name)), []);
  });

  Deno.test(`finding "${name}" is one sentence with numbers, and does not change the outcome`, () => {
    assert(outcome !== undefined, `no outcome with the finding in the test`);
    const found = findings(deepFrozen(outcome));
    assertEquals(found.map(({ name }) => name), [name]);
    const [{ text, severity, remedy }] = found;
    assert(/^[A-Z0-9].*\d/.test(text) && !/[.\n]$|\. /.test(text), text);
    assert(["warning", "note"].includes(severity), severity);
    assertEquals(remedy, entry.remedy);
    assertEquals(findings(outcome), found);
  });

  Deno.test(`finding "${name}" is not found for a training of which nothing is known`, () => {
    assertEquals(entry.find(UNKNOWN), undefined);
  });
}
