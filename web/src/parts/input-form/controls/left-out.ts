import type { ControlProps } from "./control-props.ts"

/** What it says where nothing is chosen; null where something must be. Left out, a default takes its place. */
export function leftOut({ control, required, mayBeAbsent }: ControlProps): string | null {
  const { field, given } = control
  if (!mayBeAbsent || (required && field.default === undefined)) return null
  if (field.default === undefined) return "not given"
  return given ? null : `left out: ${JSON.stringify(field.default)}`
}
