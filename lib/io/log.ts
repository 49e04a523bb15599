/**
 * The log of a run: a line of JSON for each event, with its time and level.
 *
 * @module
 */
import { visible } from "../format/visible.ts";

export const LEVELS = ["debug", "info", "warning", "error"] as const;

export type Level = (typeof LEVELS)[number];

export interface Log {
  debug(message: string, facts?: object): void;
  info(message: string, facts?: object): void;
  warning(message: string, facts?: object): void;
  error(message: string, facts?: object): void;
}

export function openLog(write: (line: string) => void, from: Level = "info"): Log {
  const least = LEVELS.indexOf(from);
  const at = (level: Level) => (message: string, facts: object = {}) => {
    if (LEVELS.indexOf(level) < least) return;
    // what JSON leaves as it is, such as the C1 controls, is escaped as JSON escapes the others
    write(visible(JSON.stringify({ time: new Date().toISOString(), level, message, ...facts })));
  };
  return { debug: at("debug"), info: at("info"), warning: at("warning"), error: at("error") };
}
