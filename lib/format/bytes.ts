import { decimalsForThreeDigits } from "./numbers.ts";

/**
 * Formats a number of bytes in the largest decimal unit up to GB, with about three digits: `812 B`,
 * `28.9 kB`, `9.91 MB`.
 */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  // 999.5 would be rounded to 1000
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(unit === 0 ? 0 : decimalsForThreeDigits(value))} ${units[unit]}`;
}

/**
 * Formats a number of bytes in KiB, or from 1 MiB on in MiB, without rounding, for caches and buffers: `32
 * KiB`, `8 MiB`.
 */
export function formatBinaryBytes(bytes: number): string {
  return bytes < 2 ** 20 ? `${bytes / 2 ** 10} KiB` : `${bytes / 2 ** 20} MiB`;
}
