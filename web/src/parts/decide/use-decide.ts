/**
 * Sends a decision once, however often it is pressed: the same words carry the same Idempotency-Key, other words another.
 * Who came second, and whose content has moved, is no error: what stands there now is fetched and shown.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import type { Approval, Decide, Delegate, Json } from "@waybill/contract"
import { useState } from "react"
import { api } from "../../data/api.ts"
import { randomKey } from "../../data/random-key.ts"
import { approvalQuery } from "./approval-query.ts"
import { cameSecond, hasMoved } from "./settled.ts"

type Sent = { readonly decide: Decide } | { readonly delegate: Delegate }

export function useDecide({ approvalId, runId }: Pick<Approval, "approvalId" | "runId">) {
  const queries = useQueryClient()
  const [keyOf] = useState(() => keysByBody())
  const { queryKey } = approvalQuery(approvalId)

  const sending = useMutation({
    mutationFn: (sent: Sent): Promise<Approval> => {
      const more = { idempotencyKey: keyOf(JSON.stringify(sent)) }
      if ("delegate" in sent) return api().approvals.delegate(runId, approvalId, sent.delegate, more)
      const { form, ...decision } = sent.decide
      const body = form === undefined ? decision : { ...decision, form: form as Json }
      return api().approvals.decide(runId, approvalId, body, more)
    },
    onSuccess: (after) => queries.setQueryData(queryKey, after),
    // What is shown elsewhere of this run and of the inbox is old now; this approval only where the answer did not say.
    onSettled: (after) =>
      Promise.all([
        after === undefined && queries.invalidateQueries({ queryKey }),
        queries.invalidateQueries({ queryKey: ["approvals"] }),
        queries.invalidateQueries({ predicate: (query) => query.queryKey.includes(runId) }),
      ]),
  })
  const { error } = sending
  return {
    send: sending.mutateAsync,
    busy: sending.isPending,
    /** The server's answer to this person. */
    decided: sending.data,
    cameSecond: cameSecond(error),
    hasMoved: hasMoved(error),
    /** What is to be mended and tried again. */
    error: error === null || cameSecond(error) || hasMoved(error) ? null : error,
    forget: sending.reset,
  }
}

function keysByBody(): (body: string) => string {
  const keys = new Map<string, string>()
  return (body) => {
    const key = keys.get(body) ?? randomKey()
    keys.set(body, key)
    return key
  }
}
