import type { FieldOf } from "../schema/field.ts"

/** One step up or down, within the bounds; from nothing it begins at the least, or at zero. */
export function stepped(
  { min, max, step }: Pick<FieldOf<"number">, "min" | "max" | "step">,
  from: number | null,
  direction: 1 | -1,
): number {
  const next = from === null ? (min ?? 0) : tidy(from + direction * step)
  return Math.min(max ?? next, Math.max(min ?? next, next))
}

/** 0.1 + 0.2 is 0.3 to whoever presses the key. */
const tidy = (value: number) => Number(value.toPrecision(12))
