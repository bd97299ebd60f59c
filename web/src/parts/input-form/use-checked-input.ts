/** What the server says of an input while it is being written, a moment after the last key. It starts nothing. */
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query"
import type { CheckedInput, Finding, Json } from "@waybill/contract"
import { useEffect, useState } from "react"
import { api } from "../../data/api.ts"

export interface AskedInput {
  readonly workflowId: string
  readonly env: string
  /** Null: the newest. */
  readonly version: number | null
  readonly value: Json
}

export interface CheckedState {
  /** `unknown`: the server could not be asked; starting is not kept back by it. */
  readonly state: "checking" | "valid" | "invalid" | "unknown"
  readonly problems: readonly Finding[]
  /** Of what is written at this moment; null when the server could not be asked. */
  readonly now: () => Promise<CheckedInput | null>
}

const CALM_MS = 250
const KEPT_MS = 60_000

const checkedQuery = (text: string) =>
  queryOptions({
    queryKey: ["checked-input", text],
    queryFn: () => {
      const { workflowId, env, version, value } = JSON.parse(text) as AskedInput
      return api().workflows.checkInput(workflowId, { input: value, ...(version !== null && { version }) }, { env })
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
    retry: false,
  })

export function useCheckedInput({ workflowId, env, version, value }: AskedInput): CheckedState {
  const text = JSON.stringify({ workflowId, env, version, value })
  const calm = useCalm(text)
  const { data, isFetching, isError } = useQuery({ ...checkedQuery(calm), placeholderData: keepPreviousData })
  const queries = useQueryClient()
  const now = () => queries.fetchQuery(checkedQuery(text)).catch(() => null)
  const problems = data?.problems ?? []
  if (calm !== text || isFetching) return { state: "checking", problems, now }
  if (isError || data === undefined) return { state: "unknown", problems: [], now }
  return { state: data.valid ? "valid" : "invalid", problems, now }
}

/** The text, once nothing has changed in it for a moment. */
function useCalm(text: string): string {
  const [calm, setCalm] = useState(text)
  // A clock is outside React: what is typed starts it anew.
  useEffect(() => {
    const timer = setTimeout(() => setCalm(text), CALM_MS)
    return () => clearTimeout(timer)
  }, [text])
  return calm
}
