/** Policies of redaction as a terminal shows them. */
import type { EffectiveRedaction, RedactionVersion, TriedRedaction } from "@waybill/contract"
import type { Style } from "./style.ts"
import { table } from "./table.ts"
import { relative } from "./times.ts"

export function effectiveText(style: Style, { policy, version, workflowId }: EffectiveRedaction): string {
  const whose = workflowId === null ? "workspace" : workflowId
  const own = version === 0 ? "no policy of its own" : `version ${version}`
  const fields = policy.fields.map((rule) => [rule.path, rule.method, rule.in?.join(", ") ?? "everywhere"])
  const detectors = Object.entries(policy.detectors).map(([name, method]) => [name, method])
  const rules = fields.length === 0 ? "no rules for fields\n" : table(style, ["FIELD", "METHOD", "IN"], fields)
  return `${style.bold(whose)} · ${own}\n\n${rules}\n${table(style, ["FOUND BY ITS FORM", "METHOD"], detectors)}`
}

export function versionTable(style: Style, versions: readonly RedactionVersion[], now: number): string {
  if (versions.length === 0) return "no policy was ever put\n"
  const rows = versions.map((one) => [
    String(one.version),
    one.policy === null ? "taken back" : `${one.policy.fields.length} fields`,
    one.by,
    relative(one.at, now),
    one.note ?? "",
  ])
  return table(style, ["VERSION", "POLICY", "BY", "AT", "NOTE"], rows)
}

/** Each sample as it would be kept, and below it what was found. */
export function triedText(style: Style, { results }: TriedRedaction): string {
  return results
    .map(({ value, hits }) => {
      const found = hits.map((hit) => [hit.pointer === "" ? "(all of it)" : hit.pointer, hit.found, hit.method])
      const below = found.length === 0 ? "nothing was found\n" : table(style, ["AT", "FOUND", "METHOD"], found)
      return `${JSON.stringify(value)}\n${below}`
    })
    .join("\n")
}
