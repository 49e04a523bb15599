import { assertEquals } from "@std/assert";
import type { Normalization, Split } from "../../lib/data/dataset.ts";
import { reductions } from "../../lib/data/reduce/mod.ts";
import { sha256 } from "../../lib/data/sha256.ts";
import { deepFrozen } from "../numbers.ts";
import { testEntries } from "./contract.ts";

/** Options without a default. */
const REQUIRED = { pca: { components: 3 } } as const;

/** Hash of what is found in {@link PART}. */
const GOLDEN: Readonly<Record<typeof reductions.names[number], string>> = {
  pca: "bd81a6d547bfc8d8b6e67cf0c0737e418b05cb2056c25f1171a74601a70a4bf0",
};

/** Fifty samples of seven bytes; the row that is not in the split is unlike the others. */
const PART: Split = {
  samples: {
    count: 51,
    shape: [7],
    values: Uint8Array.from(
      { length: 51 * 7 },
      (_, i) => i < 50 * 7 ? (i * i + 3 * (i % 7) * Math.floor(i / 7)) % 256 : 255 * (i % 2),
    ),
    labels: new Uint16Array(51),
  },
  rows: Uint32Array.from({ length: 50 }, (_, row) => row),
};

const NORMALIZATION: Normalization = { name: "unit", shift: 0, scale: 1 / 255 };

testEntries(reductions, REQUIRED);

for (const [name] of reductions) {
  const reduce = reductions.create(reductions.schema.parse({ name, ...REQUIRED[name] }));

  Deno.test(`reduction "${name}" has its name, and arrays of consistent shapes`, () => {
    const { scale, mean, components, variances, ...rest } = reduce(PART, NORMALIZATION);
    assertEquals(rest, { name });
    assertEquals([scale.length, mean.length, components.length, variances.length], [3, 7, 21, 7]);
  });

  Deno.test(`reduction "${name}" uses the rows of the split alone, and does not change them`, () => {
    const { samples: { values, ...samples }, rows } = PART;
    const found = reduce(PART, NORMALIZATION);
    const other = { ...samples, values: values.with(357 - 1, 9) };
    assertEquals(reduce({ samples: other, rows }, NORMALIZATION), found);
    assertEquals(reduce(PART, deepFrozen({ ...NORMALIZATION })), found);
    assertEquals(values[356], 0);
  });

  Deno.test(`reduction "${name}" gives the bits of its committed hash`, () => {
    const { mean, components, scale, variances } = reduce(PART, NORMALIZATION);
    const hashes = [mean, components, scale, variances]
      .map(({ buffer }) => sha256(new Uint8Array(buffer)));
    assertEquals(sha256(new TextEncoder().encode(hashes.join())), GOLDEN[name]);
  });
}
