/** The program that is bundled for every engine: the small runs on one thread. */
import { singleThread } from "../../../lib/engine/wasm/exact.ts";
import { printRuns } from "./print.ts";

await printRuns({ backend: singleThread });
