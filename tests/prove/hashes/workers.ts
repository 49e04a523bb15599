/** The small runs by the number of workers that is the argument, under Deno. */
import { printRuns } from "./print.ts";

await printRuns({ workers: Number(Deno.args[0]) });
