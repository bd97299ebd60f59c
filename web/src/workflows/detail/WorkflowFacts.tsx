import { useQuery } from "@tanstack/react-query"
import type { Workflow } from "@waybill/contract"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { Badge } from "../../ui/Badge.tsx"
import { buttonLook } from "../../ui/button-look.ts"
import { Callout } from "../../ui/Callout.tsx"
import { CopyId } from "../../ui/CopyId.tsx"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { Time } from "../../ui/time/Time.tsx"
import { fileQuery } from "../queries.ts"
import { asOnDisk, statusLook, syncWords } from "../words.ts"

/** What it is in one line, what it does in another, and what somebody should see to. */
export function WorkflowFacts({ workflow }: { workflow: Workflow }) {
  const { workflowId, environment, description, version, versionNumber, status, file, updatedAt } = workflow
  const onDisk = useQuery({ ...fileQuery(workflowId, environment), enabled: file !== null }).data
  const stands = onDisk === undefined ? workflow : asOnDisk(workflow, onDisk)
  const { word, advice, tone } = syncWords(stands)
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
        <StatusBadge look={statusLook[status]} shape="tint" />
        <CopyId id={workflowId} label="workflow id" whole />
        <Badge mono>
          {version} #{versionNumber}
        </Badge>
        {file === null ? <span>{word}</span> : <CopyId id={file} label="path" whole />}
        <span>
          last changed <Time at={updatedAt} />
        </span>
      </div>
      {description !== null && <p className="max-w-prose">{description}</p>}
      {advice !== null && (
        <Callout
          tone={tone}
          glyph="alert"
          title={word}
          action={
            file !== null &&
            stands.syncState !== "file_missing" && (
              <Link to={paths.workflow(workflowId, { tab: "definition", text: "file" })} className={buttonLook()}>
                Look at the file
              </Link>
            )
          }
        >
          {advice}
        </Callout>
      )}
    </div>
  )
}
