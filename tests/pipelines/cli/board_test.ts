import { assertEquals, assertStringIncludes } from "@std/assert";
import { openTerminal } from "../../../lib/io/terminal.ts";
import type { Progress } from "../../../lib/train/options.ts";
import { openBoard } from "../../../pipelines/cli/board.ts";

/** Returns a terminal, and the text written to it. */
function recorder(isLive: boolean) {
  const written: string[] = [];
  const output = {
    writeSync(bytes: Uint8Array) {
      written.push(new TextDecoder().decode(bytes));
      return bytes.length;
    },
    isTerminal: () => isLive,
  };
  const terminal = openTerminal({ output, colour: false, columns: () => 100 });
  return { terminal, text: () => written.splice(0).join("") };
}

const PROGRESS: Progress = {
  epoch: 2,
  epochs: 4,
  step: 50,
  steps: 100,
  stepsTaken: 0,
  samples: 0,
  train: { loss: 0.5, accuracy: 0.75 },
  learningRate: 0.1,
};

const DOWNLOAD = { file: "images", index: 1, files: 2, received: 500, total: 1000, host: "h" };

Deno.test("openBoard() prints a plain line for each finished run, with its number", () => {
  const { terminal, text } = recorder(false);
  using board = openBoard("usual", 3, terminal);
  using view = board.open("seed 1");
  view.showDownload(DOWNLOAD);
  view.showDownload(DOWNLOAD);
  for (const decoded of [0, 1]) view.showPictures({ decoded, total: 60000 });
  view.print("resuming from step 7");
  view.showTraining(() => PROGRESS);
  board.printFinished("seed 1: validation 90.00 %");
  board.printFailed("seed 2: failed: reason");
  assertEquals(
    text(),
    "downloading images of 1.00 kB from h\ndecoding 60,000 pictures\nseed 1: resuming from step 7\n1/3  seed 1: validation 90.00 %\n" +
      "2/3  seed 2: failed: reason\n",
  );
});

Deno.test("openBoard() shows running runs and the number of finished ones on a terminal", async () => {
  const { terminal, text } = recorder(true);
  {
    using board = openBoard("usual", 4, terminal);
    using loading = board.open("seed 1");
    loading.showDownload(DOWNLOAD);
    using decoding = board.open("seed 2");
    decoding.showPictures({ decoded: 1200, total: 60000 });
    using training = board.open("seed 20");
    training.showTraining(() => PROGRESS);
    board.printFailed("seed 3: failed: reason");
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  const shown = text();
  assertStringIncludes(
    shown,
    "seed 1   downloading images: 500 B of 1.00 kB\n" +
      "seed 2   decoding 60,000 pictures: 1,200\n" +
      "seed 20  ━━━━────  epoch 2/4  0.0 s left  accuracy 75.00 %\n" +
      // one of four is done, and half of another: 3/8
      "━━━━━━━╸────────────  1 of 4 runs done  1 failed\n",
  );
  assertEquals(shown.endsWith("\x1b[J"), true); // nothing of it is left
});

Deno.test("openBoard() with quiet prints only failures", () => {
  const { terminal, text } = recorder(false);
  using board = openBoard("quiet", 2, terminal);
  using view = board.open("seed 1");
  view.print("going on");
  board.print("x");
  board.printFinished("seed 1: done");
  board.printFailed("seed 2: failed: reason");
  assertEquals(text(), "2/2  seed 2: failed: reason\n");
});
