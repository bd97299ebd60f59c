import { useQuery } from "@tanstack/react-query"
import type { VersionSummary, Workflow } from "@waybill/contract"
import { useState } from "react"
import { Link } from "../../../page/Link.tsx"
import { Loaded } from "../../../page/Loaded.tsx"
import { useSetSearch } from "../../../page/navigation.ts"
import { paths, type WorkflowSearch } from "../../../paths.ts"
import { Badge } from "../../../ui/Badge.tsx"
import { Button } from "../../../ui/Button.tsx"
import { buttonLook, linkLook } from "../../../ui/button-look.ts"
import { DisabledReason } from "../../../ui/DisabledReason.tsx"
import { Checkbox } from "../../../ui/form/Checkbox.tsx"
import { SkeletonRows } from "../../../ui/Skeleton.tsx"
import { Time } from "../../../ui/time/Time.tsx"
import { useRefusals } from "../../allowed.ts"
import { versionsQuery } from "../../queries.ts"
import { chosenTwo } from "./chosen-two.ts"

/** How it came to be what it is: every version with who made it, when, from where and why. */
export function VersionsTab({ workflow }: { workflow: Workflow }) {
  const { workflowId, environment } = workflow
  const versions = useQuery(versionsQuery(workflowId, environment))
  const [chosen, setChosen] = useState<readonly number[]>([])
  const [from, to] = [...chosen].sort((a, b) => a - b)
  const refusal = from === undefined || to === undefined ? "Choose two versions" : undefined
  return (
    <Loaded query={versions} what="The versions" skeleton={<SkeletonRows label="The versions are on their way" />}>
      {({ items, nextCursor }) => (
        <div className="flex flex-col gap-3">
          {items.length > 1 && (
            <div>
              <DisabledReason reason={refusal}>
                <Link
                  to={paths.workflowVersions(workflowId, from ?? 1, to ?? workflow.versionNumber)}
                  className={buttonLook()}
                >
                  {refusal === undefined ? `Compare #${from} with #${to}` : "Compare two"}
                </Link>
              </DisabledReason>
            </div>
          )}
          <ol className="flex flex-col divide-y rounded-md border bg-surface">
            {items.map((version) => (
              <VersionRow
                key={version.versionNumber}
                version={version}
                workflow={workflow}
                isChosen={chosen.includes(version.versionNumber)}
                onChoose={items.length > 1 ? () => setChosen(chosenTwo(chosen, version.versionNumber)) : undefined}
              />
            ))}
          </ol>
          {nextCursor !== null && (
            <p className="text-muted">These are the newest {items.length}; the API has the rest.</p>
          )}
        </div>
      )}
    </Loaded>
  )
}

interface VersionRowProps {
  readonly version: VersionSummary
  readonly workflow: Workflow
  readonly isChosen: boolean
  /** Absent: there is nothing to compare it with. */
  readonly onChoose?: () => void
}

function VersionRow({ version, workflow, isChosen, onChoose }: VersionRowProps) {
  const { workflowId } = workflow
  const { versionNumber, version: label, createdAt, createdBy, note, source, hash } = version
  const setSearch = useSetSearch<WorkflowSearch>()
  const refused = useRefusals()(workflow).change
  const serves = versionNumber === workflow.versionNumber
  const hasSameContent = !serves && hash === workflow.hash
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 px-3 py-2.5">
      {onChoose && (
        <Checkbox
          checked={isChosen}
          onChange={onChoose}
          aria-label={`Compare version ${label}, number ${versionNumber}`}
          className="mt-1"
        />
      )}
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <Link to={paths.workflowVersion(workflowId, versionNumber)} className={`${linkLook} font-medium`}>
            <span className="text-mono">{label}</span> #{versionNumber}
          </Link>
          {serves && <Badge tone="completed">serves new runs</Badge>}
          {hasSameContent && <Badge>same content as what serves</Badge>}
        </p>
        <p className="text-muted">
          <Time at={createdAt} /> by {createdBy}, {source === "file" ? "from its file" : "over the API"}
        </p>
        {note !== null && <p>{note}</p>}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {versionNumber > 1 && (
          <Link
            to={paths.workflowVersions(workflowId, versionNumber - 1, versionNumber)}
            className={buttonLook({ size: "sm", look: "quiet" })}
          >
            What changed<span className="sr-only"> in #{versionNumber}</span>
          </Link>
        )}
        {!serves && (
          <Button
            size="sm"
            icon="rewind"
            aria-label={`Roll back to #${versionNumber}`}
            disabledReason={refused ?? (hasSameContent ? "Its content serves already" : undefined)}
            onClick={() => setSearch({ act: "rollback", of: versionNumber })}
          >
            Roll back
          </Button>
        )}
      </div>
    </li>
  )
}
