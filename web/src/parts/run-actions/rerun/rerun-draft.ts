/** A re-run as somebody is putting it together, and the request that it makes. */
import type { JsonObject, Rerun } from "@waybill/contract"
import { readJson } from "../read-json.ts"
import { mergePatchOf } from "./merge-patch.ts"

export type RerunDraft = {
  /** `null`: from the start; `failed`; or a state's name. */
  readonly from: string | null
  /** Null: the version of the first run. */
  readonly versionNumber: number | null
  /** The input as it is being edited; null: as it was. Counts at the start only. */
  readonly inputText: string | null
  /** A merge patch over the context in front of `from`; empty: none. */
  readonly contextText: string
  readonly reason: string
}

export type DraftRequest =
  | { readonly ok: true; readonly body: Rerun }
  | { readonly ok: false; readonly field: "input" | "context"; readonly message: string }

/** `reason` may be empty: the plan is made before somebody has said why, with a word in its place. */
export function requestOf(draft: RerunDraft, input: unknown): DraftRequest {
  // From a state on a run reads its context, which began with the input and has moved on since.
  const inputPatch = draft.inputText === null || draft.from !== null ? nothing : patchOfInput(draft.inputText, input)
  if (!inputPatch.ok) return { ok: false, field: "input", message: inputPatch.message }
  const contextPatch = draft.from === null ? nothing : patchOfContext(draft.contextText)
  if (!contextPatch.ok) return { ok: false, field: "context", message: contextPatch.message }
  return {
    ok: true,
    body: {
      reason: draft.reason.trim() || "not said yet",
      ...(draft.from !== null && { from: draft.from }),
      ...(draft.versionNumber !== null && { version: draft.versionNumber }),
      ...(inputPatch.patch !== null && { inputPatch: inputPatch.patch }),
      ...(contextPatch.patch !== null && { contextPatch: contextPatch.patch }),
    },
  }
}

const nothing = { ok: true, patch: null } as const

function patchOfInput(text: string, input: unknown) {
  const read = readJson(text)
  return read.ok ? mergePatchOf(input, read.value) : read
}

function patchOfContext(
  text: string,
): typeof nothing | { ok: true; patch: JsonObject } | { ok: false; message: string } {
  if (text.trim() === "") return nothing
  const read = readJson(text)
  if (!read.ok) return read
  const { value } = read
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, message: "A patch is an object: { … }." }
  }
  return Object.keys(value).length === 0 ? nothing : { ok: true, patch: value as JsonObject }
}
