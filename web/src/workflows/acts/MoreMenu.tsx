import type { WorkflowSummary } from "@waybill/contract"
import { useGo } from "../../page/navigation.ts"
import { paths } from "../../paths.ts"
import { IconButton } from "../../ui/IconButton.tsx"
import { Menu } from "../../ui/overlay/Menu.tsx"
import type { Refusals } from "../allowed.ts"

interface MoreMenuProps {
  readonly workflow: WorkflowSummary
  readonly refusals: Refusals
  readonly onAct: (act: "disable" | "enable" | "edit") => void
}

export function MoreMenu({ workflow, refusals, onAct }: MoreMenuProps) {
  const go = useGo()
  const { workflowId, name, status } = workflow
  return (
    <Menu
      label={`More for ${name}`}
      trigger={<IconButton icon="dots" label={`More for ${name}`} />}
      groups={[
        {
          items: [
            { label: "Edit", icon: "pencil", onSelect: () => onAct("edit") },
            {
              label: "Definition",
              icon: "log",
              onSelect: () => go(paths.workflow(workflowId, { tab: "definition" })),
            },
            { label: "Versions", icon: "compare", onSelect: () => go(paths.workflow(workflowId, { tab: "versions" })) },
          ],
        },
        {
          items: [
            status === "active"
              ? { label: "Disable", icon: "stop", onSelect: () => onAct("disable"), disabledReason: refusals.change }
              : { label: "Enable", icon: "play", onSelect: () => onAct("enable"), disabledReason: refusals.change },
          ],
        },
      ]}
    />
  )
}
