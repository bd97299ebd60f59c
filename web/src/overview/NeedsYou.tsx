import type { Approval } from "@waybill/contract"
import { Link } from "../page/Link.tsx"
import { byBreach } from "../parts/decide/deadline.ts"
import type { NameOf } from "../parts/use-workflow-names.ts"
import { paths } from "../paths.ts"
import { Time } from "../ui/time/Time.tsx"
import { Nothing, Section } from "./Section.tsx"

const shown = 5

interface NeedsYouProps {
  readonly approvals: readonly Approval[]
  readonly count: number
  readonly nameOf: NameOf
}

/** Decisions that runs wait for, the one that is over first on top. */
export function NeedsYou({ approvals, count, nameOf }: NeedsYouProps) {
  const first = [...approvals].sort(byBreach).slice(0, shown)
  return (
    <Section
      title="Waits for a decision"
      count={count.toLocaleString("en")}
      more={{ label: "All approvals", to: paths.approvals() }}
    >
      {first.length === 0 ? (
        <Nothing>Nobody is waited for. A run that needs a person appears here the moment it asks.</Nothing>
      ) : (
        <ul className="divide-y divide-line">
          {first.map((approval) => (
            <li key={approval.approvalId}>
              <Link
                to={paths.approval(approval.approvalId)}
                className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5 hover:bg-hover"
              >
                <span className="line-clamp-2 min-w-0 flex-1 basis-56 font-medium text-pretty">{approval.message}</span>
                <span className="text-muted">{nameOf(approval.workflowId)}</span>
                <Until approval={approval} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Until({ approval }: { readonly approval: Approval }) {
  const at = approval.dueAt ?? approval.timeoutAt
  if (at === null) return <Time at={approval.requestedAt} className="whitespace-nowrap text-muted" />
  return (
    <span className="whitespace-nowrap text-muted">
      due <Time at={at} />
    </span>
  )
}
