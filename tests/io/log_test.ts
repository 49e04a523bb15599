import { assert, assertEquals } from "@std/assert";
import { type Level, LEVELS, openLog } from "../../lib/io/log.ts";
import { describeEnvironment, VERSION } from "../../lib/io/environment.ts";
import project from "../../deno.json" with { type: "json" };

/** Levels of the lines that a log takes down, one event of each level. */
function taken(from?: Level): readonly string[] {
  const lines: string[] = [];
  const log = openLog((line) => lines.push(line), from);
  for (const level of LEVELS) log[level](`a ${level}`, { step: 3 });
  return lines.map((line) => {
    const { time, process, level, message, step } = JSON.parse(line);
    assert(/^\d{4}-\d\d-\d\dT.*Z$/.test(time));
    assertEquals([process, message, step], [Deno.pid, `a ${level}`, 3]);
    return level;
  });
}

Deno.test("openLog() writes a line of JSON for each event that is important enough", () => {
  assertEquals(taken("debug"), ["debug", "info", "warning", "error"]);
  assertEquals(taken(), ["info", "warning", "error"]);
  assertEquals(taken("error"), ["error"]);
});

Deno.test("describeEnvironment() returns versions and machine, its own version from deno.json", () => {
  assertEquals(VERSION, project.version);
  const { versions, machine } = describeEnvironment(3);
  assertEquals(versions, { "ann-mlp": VERSION, ...Deno.version });
  assertEquals(Object.keys(machine), ["system", "architecture", "processors", "workers"]);
  assertEquals(machine.workers, 3);
});
