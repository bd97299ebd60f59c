/** How a difference is shown: a sign and a word, and blue or orange for those who see them. */
import type { Change } from "@waybill/contract"

type ChangeLook = { readonly sign: string; readonly word: string; readonly text: string; readonly ground: string }

export const changeSigns = {
  added: { sign: "+", word: "added", text: "text-added", ground: "bg-added-ground" },
  removed: { sign: "−", word: "removed", text: "text-removed", ground: "bg-removed-ground" },
  changed: { sign: "~", word: "changed", text: "text-added", ground: "bg-added-ground" },
  /** Something in it changed, and it is folded. */
  inside: { sign: "·", word: "changed inside", text: "text-added", ground: "" },
} as const satisfies Record<Change["op"] | "inside", ChangeLook>
