/** What can be done on this page: the bar, its keys, and the dialog that the address names. */
import type { RunSummary } from "@waybill/contract"
import { useKeys } from "../keys/use-keys.ts"
import { useSetSearch } from "../page/navigation.ts"
import { RunDecision } from "../parts/decide/RunDecision.tsx"
import { RemarkDialog } from "../parts/remarks/RemarkDialog.tsx"
import { type RemarkAct, remarkActs, remarkLook } from "../parts/remarks/remark-acts.ts"
import { type Act, type ActName, actLook, actNames, offered, refusal } from "../parts/run-actions/acts.ts"
import { RunActDialog } from "../parts/run-actions/RunActDialog.tsx"
import { RunActionBar } from "../parts/run-actions/RunActionBar.tsx"
import type { WhyNextStep } from "../parts/why/WhyNext.tsx"
import type { RunSearch } from "../paths.ts"
import { copyText } from "../ui/copy-text.ts"
import { useFits } from "./use-fits.ts"

const closed: RunSearch = { act: undefined, from: undefined, approval: undefined }

export function useRunActs(run: RunSummary | undefined, search: RunSearch) {
  const setSearch = useSetSearch<RunSearch>()
  const isRoomy = useFits("40rem")
  const actions = run?.actions ?? []
  /** What was asked and answered is not asked again by "back". */
  const close = () => setSearch(closed, { replace: true })
  const open = (act: Act) => setSearch({ act: act.name, from: act.from })
  const onSay = (name: RemarkAct) => setSearch({ act: name })
  const names = offered(actions)
  useKeys(
    "Run",
    {
      ...Object.fromEntries(names.flatMap((name) => keyOf(name, refusal(actions, name), () => open({ name })))),
      ...Object.fromEntries(remarkActs.map((name) => sayKey(name, refusal(actions, name), () => onSay(name)))),
      y: { label: "Copy the run's id", run: () => void (run && copyText(run.runId, "run id")) },
    },
    { isOn: run !== undefined },
  )
  const act = actNames.find((name) => name === search.act)
  const said = remarkActs.find((name) => name === search.act)
  return {
    bar: run && <RunActionBar actions={run.actions} onAct={open} compact={!isRoomy} />,
    dialog: run && (
      <>
        {act !== undefined && <RunActDialog run={run} act={{ name: act, from: search.from }} onClose={close} />}
        {said !== undefined && <RemarkDialog run={run} act={said} onClose={close} />}
        <RunDecision
          runId={run.runId}
          isAsking={run.blockedOn.some(({ kind }) => kind === "approval")}
          isOpen={search.act === "decide"}
          approvalId={search.approval}
          onOpen={(approval) => setSearch({ act: "decide", approval })}
          onClose={close}
        />
      </>
    ),
    onSay,
    onNext: ({ action, from, approvalId }: WhyNextStep) => {
      if (action === "decide") setSearch({ act: "decide", approval: approvalId ?? undefined })
      else setSearch({ act: actNames.find((name) => name === action), from: from ?? undefined })
    },
  }
}

function sayKey(name: RemarkAct, refused: string | undefined, run: () => void) {
  const { key, about } = remarkLook[name]
  return [key, { label: about, run, refused }] as const
}

function keyOf(name: ActName, refused: string | undefined, run: () => void) {
  const look = actLook[name]
  return "key" in look ? [[look.key, { label: look.about, run, refused }] as const] : []
}
