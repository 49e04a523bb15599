/**
 * A profile with fixed numbers, by one worker and by two.
 *
 * @module
 */
import type { ProfilePage } from "../../../lib/analysis/profile/drawing.ts";
import type { Profile } from "../../../lib/analysis/profile/profile.ts";
import type { Timeline } from "../../../lib/analysis/profile/timeline.ts";
import type { Ceilings } from "../../../lib/analysis/profile/roofline.ts";

/** Peak rates of one worker. */
export const CEILINGS: Ceilings = {
  compute: 100,
  memory: [{ bytes: 2 ** 18, rate: 110 }, { bytes: 2 ** 22, rate: 100 }, {
    bytes: 2 ** 28,
    rate: 20,
  }],
};

const label = (origin: string, what: string) => `${origin}: ${what}`;

/** Profile of one worker. */
export const PROFILE: Profile = {
  operations: [
    {
      label: label("input of the network", "compress rows: compressRows"),
      flops: 10_000,
      bytes: 100_000,
      time: 10,
      longest: 10,
    },
    {
      label: label("forward of layer 1 (dense1)", "matmul: sparseProduct"),
      flops: 2_400_000,
      bytes: 500_000,
      time: 60,
      longest: 60,
    },
    {
      label: label("forward of layer 2 (relu1)", "add, max: loop0"),
      flops: 16_000,
      bytes: 100_000,
      time: 2,
      longest: 2,
    },
    { label: label("loss", "pick: pick"), flops: 0, bytes: 3000, time: 0.1, longest: 0.1 },
    {
      label: label("backward of layer 1 (dense1)", "matmul: sparseProduct"),
      flops: 2_400_000,
      bytes: 500_000,
      time: 77.9,
      longest: 77.9,
    },
    {
      label: label('update of group "all"', "mul, add, sqrt, div, sub: loop1"),
      flops: 1_200_000,
      bytes: 2_850_000,
      time: 50,
      longest: 50,
    },
  ],
  waiting: 0,
  time: 200,
  workers: 1,
  steps: 500,
};

/** The same by two workers, who wait. */
export const SHARED: Profile = {
  ...PROFILE,
  operations: PROFILE.operations.map((each) => ({
    ...each,
    time: each.time / 2,
    longest: each.time / 2,
  })),
  waiting: 25,
  time: 125,
  workers: 2,
};

/** Both as a page. */
export const PAGE: ProfilePage = {
  title: "an example",
  description: "784-128-10, batches of 64, adam",
  sections: [
    { summary: "1 worker: 200 µs a step", profile: PROFILE, ceilings: CEILINGS },
    { summary: "2 workers: 125 µs a step", profile: SHARED, ceilings: CEILINGS },
  ],
};

/** Three steps of two calls by a worker who waits before the second. */
export const TIMELINE: Timeline = {
  intervals: [0, undefined, 4],
  moments: Float64Array.from(
    [[0, 60, 61, 139], [200, 260, 262.0004, 340], [400, 461, 461, 540]].flat(),
  ),
};
