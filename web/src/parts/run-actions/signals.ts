import type { Block } from "@waybill/contract"

/** The signals that a run listens for now, each once. */
export function signalsWaitedFor(blocks: readonly Block[]): readonly string[] {
  const names = blocks.flatMap(({ kind, who }) => (kind === "signal" ? namesIn(who) : []))
  return [...new Set(names)]
}

/** As the engine writes it: the name, or a list of them. */
function namesIn(who: Block["who"]): readonly string[] {
  if (typeof who === "string") return [who]
  return Array.isArray(who) ? who.filter((one): one is string => typeof one === "string") : []
}
