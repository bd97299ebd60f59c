/** What people have made of the run: resolution, owner, tags, notes; and what can be said beside it. */
import type { RunSummary } from "@waybill/contract"
import { api } from "../../data/api.ts"
import { Link } from "../../page/Link.tsx"
import { notify } from "../../page/notify.ts"
import { backTo } from "../../parts/remarks/back-to.ts"
import { type RemarkAct, remarkActs, remarkLook } from "../../parts/remarks/remark-acts.ts"
import { type Say, useSay } from "../../parts/remarks/use-say.ts"
import { refusal } from "../../parts/run-actions/acts.ts"
import { paths } from "../../paths.ts"
import { Tag } from "../../ui/Badge.tsx"
import { Button } from "../../ui/Button.tsx"
import { linkLook } from "../../ui/button-look.ts"
import { lookOfResolution } from "../../ui/resolution-look.ts"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { shortId } from "../../ui/short-id.ts"

type RunStandingProps = { readonly run: RunSummary; readonly onAct: (act: RemarkAct) => void }

export function RunStanding({ run, onAct }: RunStandingProps) {
  const { runId, actions, owner, tags, annotationCount } = run
  const say = useSay(runId)
  return (
    <section aria-label="Beside the run" className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
      <Resolved run={run} say={say} />
      {owner !== null && (
        <span>
          <span className="text-xs text-faint">Owner</span> {owner}
        </span>
      )}
      {tags.length > 0 && (
        <ul aria-label="Tags" className="flex flex-wrap gap-1">
          {tags.map((tag) => (
            <li key={tag}>
              <Tag {...(refusal(actions, "tag") === undefined && { onRemove: () => removeTag(say, runId, tag) })}>
                {tag}
              </Tag>
            </li>
          ))}
        </ul>
      )}
      {annotationCount > 0 && (
        <Link to={paths.run(runId, { tab: "annotations" })} className={linkLook}>
          {annotationCount === 1 ? "1 note" : `${annotationCount.toLocaleString("en")} notes`}
        </Link>
      )}
      <span className="-ml-2 flex flex-wrap gap-1 max-sm:gap-x-0 max-sm:*:px-1.5">
        {remarkActs.map((name) => (
          <Button
            key={name}
            look="quiet"
            icon={remarkLook[name].icon}
            keys={remarkLook[name].key}
            disabledReason={refusal(actions, name)}
            onClick={() => onAct(name)}
          >
            {remarkLook[name].label}
          </Button>
        ))}
      </span>
    </section>
  )
}

function Resolved({ run: { runId, actions, resolution }, say }: { readonly run: RunSummary; readonly say: Say }) {
  if (resolution === null) return null
  const { state, by, reason, runId: newRunId } = resolution
  const undo = () =>
    say(
      "The resolution is taken back",
      () => api().runs.undoResolution(runId),
      () => backTo(runId, resolution),
    ).catch((error: unknown) => notify.failed("The resolution was not taken back", error))
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2">
      <StatusBadge look={lookOfResolution(state)} />
      {newRunId !== null && (
        <Link to={paths.run(newRunId)} className={linkLook}>
          by {shortId(newRunId)}
        </Link>
      )}
      {newRunId === null && by !== null && <span className="text-muted">by {by}</span>}
      {reason !== null && <span className="min-w-0 text-muted wrap-anywhere">“{reason}”</span>}
      {state !== "open" && (
        <Button look="quiet" icon="undo" disabledReason={refusal(actions, "resolve")} onClick={() => void undo()}>
          Undo the resolution
        </Button>
      )}
    </span>
  )
}

function removeTag(say: Say, runId: string, tag: string): void {
  say(
    `The tag ${tag} is removed`,
    () => api().runs.tag(runId, { remove: [tag] }),
    () => api().runs.tag(runId, { add: [tag] }),
  ).catch((error: unknown) => notify.failed("The tag was not removed", error))
}
