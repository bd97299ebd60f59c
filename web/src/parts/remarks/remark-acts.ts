/** What can be said beside a run: its name on the wire, how it is called here, and the key of the run's page. */
import type { IconName } from "../../ui/icon-paths.ts"

export const remarkActs = ["annotate", "tag", "assign", "resolve"] as const
export type RemarkAct = (typeof remarkActs)[number]

type ActLook = { readonly label: string; readonly icon: IconName; readonly key: string; readonly about: string }

export const remarkLook = {
  annotate: { label: "Annotate", icon: "pencil", key: "n", about: "Write a note beside the run" },
  tag: { label: "Add tag", icon: "tag", key: "t", about: "Add tags" },
  assign: { label: "Assign", icon: "person", key: "a", about: "Give the run an owner" },
  resolve: { label: "Resolve", icon: "check", key: "e", about: "Say what became of it" },
} as const satisfies Record<RemarkAct, ActLook>
