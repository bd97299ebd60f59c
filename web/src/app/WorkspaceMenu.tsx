import { useQuery } from "@tanstack/react-query"
import { ProblemError } from "@waybill/sdk"
import { sessionQuery } from "../data/queries.ts"
import { workspace } from "../data/workspace.ts"
import { buttonLook } from "../ui/button-look.ts"
import { cx } from "../ui/cx.ts"
import { Icon } from "../ui/Icon.tsx"
import { Menu } from "../ui/overlay/Menu.tsx"

/** The workspace that everything on the page is of; whoever has several chooses among them. */
export function WorkspaceMenu() {
  const { data, error } = useQuery(sessionQuery())
  if (error instanceof ProblemError && error.problem.code === "workspace_not_found")
    return (
      <button
        type="button"
        className={buttonLook({ look: "plain", size: "sm" })}
        onClick={() => workspace.change(null)}
      >
        {workspace.get()} is not yours: leave it
      </button>
    )
  const here = data?.workspaceSlug ?? "default"
  if (data === undefined || data.workspaces.length < 2)
    return (
      <span className="max-sm:sr-only">
        <span className="sr-only">Workspace: </span>
        {here}
      </span>
    )
  const items = data.workspaces.map(({ slug }) => ({
    label: slug,
    checked: slug === here,
    onSelect: () => workspace.change(slug),
  }))
  return (
    <Menu
      label="Workspace"
      align="start"
      groups={[{ label: "Workspace", items }]}
      trigger={
        <button type="button" className={cx(buttonLook({ look: "quiet", size: "sm" }), "max-w-32 sm:max-w-48")}>
          <span className="sr-only">Workspace: </span>
          <span className="truncate">{here}</span>
          <Icon name="chevrons-up-down" size={12} />
        </button>
      }
    />
  )
}
