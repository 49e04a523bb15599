import { z } from "zod";

export function weightDecayOption(byDefault: number): z.ZodDefault<z.ZodNumber> {
  return z.number().min(0).default(byDefault)
    .describe(
      "share, times the rate, that weights lose at each step unless their layer says otherwise",
    );
}
