import type { Rejection } from "../../core/run/commands.ts"

/** A refusal as the door gives it. */
export function no(
  code: string,
  message: string,
  more: Pick<Rejection, "data" | "hint"> = {},
): { readonly ok: false; readonly rejection: Rejection } {
  return { ok: false, rejection: { code, message, ...more } }
}
