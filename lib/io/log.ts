/**
 * The log of a run: one line of JSON per event, with its time, the process that logged it, and its level.
 *
 * @module
 */
import { escapeControls } from "../format/visible.ts";

/** Levels of events, from the least to the most important. */
export const LEVELS = ["debug", "info", "warning", "error"] as const;

/** Importance of an event. */
export type Level = (typeof LEVELS)[number];

/**
 * A log, with a method for each level of events. `facts` are further properties of an event, which become
 * keys of its line.
 */
export interface Log {
  debug(message: string, facts?: object): void;
  info(message: string, facts?: object): void;
  warning(message: string, facts?: object): void;
  error(message: string, facts?: object): void;
}

/**
 * Opens a log.
 *
 * @param write called with each line, without a line break
 * @param threshold lowest level of events that are written. Defaults to "info"
 */
export function openLog(write: (line: string) => void, threshold: Level = "info"): Log {
  const least = LEVELS.indexOf(threshold);
  const at = (level: Level) => (message: string, facts: object = {}) => {
    if (LEVELS.indexOf(level) < least) return;
    const time = new Date().toISOString();
    // JSON leaves the C1 control characters as they are; escapeControls() escapes them too
    write(escapeControls(JSON.stringify({ time, process: Deno.pid, level, message, ...facts })));
  };
  return { debug: at("debug"), info: at("info"), warning: at("warning"), error: at("error") };
}
