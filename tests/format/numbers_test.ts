import { assertEquals } from "@std/assert";
import {
  formatCount,
  formatFixed,
  formatLoss,
  formatMeasured,
  formatNumber,
} from "../../lib/format/numbers.ts";

Deno.test("numbers are formatted with a true minus, without −0, thousands separated", () => {
  assertEquals(formatFixed(-0.5, 2), "−0.50");
  assertEquals(formatFixed(-0.001, 2), "0.00");
  assertEquals([0, 999, 1000, 101770, 1234567].map(formatCount), [
    "0",
    "999",
    "1,000",
    "101,770",
    "1,234,567",
  ]);
  assertEquals([0.002, 1e-8, -0, 1e21, 0.12345, -2, NaN].map((value) => formatNumber(value)), [
    "0.002",
    "1e−8",
    "0",
    "1e21",
    "0.1235",
    "−2",
    "–",
  ]);
});

Deno.test("formatMeasured() shows about three digits, and never powers of ten", () => {
  assertEquals([0, 0.0123, 0.5, 12.34, 123.4, 12345].map(formatMeasured), [
    "0",
    "0.012",
    "0.50",
    "12.3",
    "123",
    "12345",
  ]);
});

Deno.test("formatLoss() has four decimals, and fewer for large losses", () => {
  const losses = [0, 0.05894, 2.3, 999.99, 1000, 95_263_546.12, 1e30, Infinity];
  assertEquals(losses.map(formatLoss), [
    "0.0000",
    "0.0589",
    "2.3000",
    "999.9900",
    "1,000",
    "95,263,546",
    "1e30",
    "∞",
  ]);
});
