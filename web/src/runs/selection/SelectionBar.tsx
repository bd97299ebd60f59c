import { useQuery } from "@tanstack/react-query"
import { sessionQuery } from "../../data/queries.ts"
import { lacksRole } from "../../data/roles.ts"
import { Button } from "../../ui/Button.tsx"
import { IconButton } from "../../ui/IconButton.tsx"
import { Menu } from "../../ui/overlay/Menu.tsx"
import { matchingQuery } from "../questions.ts"
import type { RunsLayer } from "../search.ts"
import type { Chosen } from "./chosen.ts"

const says = {
  addTags: { label: "Add tags", icon: "tag" },
  assign: { label: "Assign to somebody", icon: "person" },
  resolve: { label: "Resolve", icon: "check" },
} as const

interface SelectionBarProps {
  readonly chosen: Chosen
  /** How many match, as far as the list knows; null when nobody counted. */
  readonly matching: number | null
  readonly onAll: () => void
  readonly onNone: () => void
  readonly onLayer: (layer: RunsLayer) => void
}

/** What can be done to the runs that are chosen; it floats, so that choosing moves nothing. */
export function SelectionBar({ chosen, matching, onAll, onNone, onLayer }: SelectionBarProps) {
  const all = useQuery({
    ...matchingQuery({ query: chosen.kind === "all" ? chosen.query : "", env: undefined }),
    enabled: chosen.kind === "all",
  })
  const refused = lacksRole(useQuery(sessionQuery()).data, "operator")
  const count = chosen.kind === "some" ? chosen.ids.size : all.data?.total.value
  const isMore = chosen.kind === "some" && (matching === null || matching > chosen.ids.size)
  return (
    <section
      aria-label="Chosen runs"
      className="flex max-w-full animate-appear flex-wrap items-center gap-x-3 gap-y-1.5 rounded-md bg-raised py-1.5 pr-1.5 pl-3 shadow-popover"
    >
      <p role="status" className="font-medium whitespace-nowrap">
        {chosen.kind === "all" ? "All " : ""}
        {count === undefined ? "…" : `${count.toLocaleString("en")}${all.data?.total.exact === false ? "+" : ""}`}
        {chosen.kind === "all" ? " that match" : " chosen"}
      </p>
      {isMore && (
        <Button look="quiet" keys="a" onClick={onAll}>
          {matching === null ? "All that match" : `All ${matching.toLocaleString("en")} that match`}
        </Button>
      )}
      <span className="flex flex-wrap items-center gap-1.5">
        <Button icon="rerun" keys="r" disabledReason={refused} onClick={() => onLayer("rerun")}>
          Re-run
        </Button>
        <Button icon="stop" look="danger" keys="c" disabledReason={refused} onClick={() => onLayer("cancel")}>
          Cancel
        </Button>
        <Menu
          label="Say something beside them"
          trigger={<IconButton icon="dots" label="Tag, assign or resolve" look="plain" />}
          groups={[
            {
              items: (["addTags", "assign", "resolve"] as const).map((layer) => ({
                ...says[layer],
                disabledReason: refused,
                onSelect: () => onLayer(layer),
              })),
            },
          ]}
        />
        <Button icon="download" keys="e" onClick={() => onLayer("export")}>
          Export
        </Button>
        <IconButton icon="cross" label="Choose none" keys="Escape" onClick={onNone} />
      </span>
    </section>
  )
}
