/** What is said beside many runs at once, as it is typed, and as the server takes it. */
import type { ResolutionState, StartBulk } from "@waybill/contract"
import { tagsOf } from "../tags-of.ts"
import type { BulkAction } from "./bulk-words.ts"

export interface BulkSaid {
  /** With commas between them. */
  readonly tags: string
  readonly owner: string
  readonly state: ResolutionState
}

export const nothingSaid: BulkSaid = { tags: "", owner: "", state: "resolved" }

/** For a look before: something that could be said. */
export const anything: BulkSaid = { tags: "any", owner: "", state: "acknowledged" }

export function changeOf(action: BulkAction, said: BulkSaid): Pick<StartBulk, "tags" | "owner" | "state"> {
  switch (action) {
    case "tag":
      return { tags: { add: [...tagsOf(said.tags)] } }
    case "assign":
      return { owner: said.owner.trim() || null }
    case "resolve":
      return { state: said.state }
    default:
      return {}
  }
}

/** What is still missing, in words. An owner may be nobody. */
export function unsaid(action: BulkAction, said: BulkSaid): string | undefined {
  return action === "tag" && tagsOf(said.tags).length === 0 ? "Name a tag." : undefined
}
