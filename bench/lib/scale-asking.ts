/** Questions over HTTP, each asked many times: p50, p99 and the slowest, with the goal beside. One asks at a time. */
import { percentile } from "./numbers.ts"
import type { HttpClient } from "./server.ts"

export interface Question {
  readonly what: string
  /** One of them is asked after the other. */
  readonly paths: readonly string[]
  readonly goalMs: number
}

export interface Answered {
  readonly question: Question
  readonly times: readonly number[]
  /** 503 `query_too_slow`, and what else was no success. */
  readonly refused: number
  /** Of the last answer: items and total, or that it is not exact. */
  readonly note: string
}

export async function askEach(client: HttpClient, question: Question, times: number): Promise<Answered> {
  const { paths } = question
  const took: number[] = []
  let refused = 0
  let note = ""
  for (let round = -paths.length; round < times; round++) {
    const path = paths[(round + paths.length) % paths.length]!
    const from = performance.now()
    const { status, text } = await client.get(path)
    const ms = performance.now() - from
    // The first of each only makes warm.
    if (round < 0) continue
    took.push(ms)
    if (status === 503) refused++
    else if (status >= 300) throw new Error(`${path}: ${status} ${text.slice(0, 500)}`)
    note = noteOf(text)
  }
  return { question, times: took, refused, note }
}

interface Page {
  readonly items?: readonly unknown[]
  readonly total?: { readonly value: number; readonly exact: boolean }
  readonly exact?: boolean
  readonly nextCursor?: string | null
}

function noteOf(text: string): string {
  if (!text.startsWith("{")) return ""
  const { items, total, exact, nextCursor } = JSON.parse(text) as Page
  const parts: string[] = []
  if (items !== undefined) parts.push(`${items.length}${nextCursor === null || nextCursor === undefined ? "" : "+"}`)
  if (total !== undefined) parts.push(`of ${total.value}${total.exact ? "" : "+"}`)
  if (exact === false) parts.push("not exact")
  return parts.join(" ")
}

export function showAnswers(title: string, answers: readonly Answered[]): void {
  console.log(`\n### ${title}\n`)
  console.log("| what | p50 ms | p99 ms | max ms | goal | | |")
  console.log("|---|---:|---:|---:|---:|---|---|")
  for (const answer of answers) console.log(`| ${cellsOf(answer).join(" | ")} |`)
}

function cellsOf({ question, times, refused, note }: Answered): readonly string[] {
  const p99 = percentile(times, 99)
  const verdict = p99 <= question.goalMs ? "met" : `**missed: ${(p99 / question.goalMs).toFixed(2)} ×**`
  const told = refused === 0 ? note : `${refused} of ${times.length} were told \`query_too_slow\``
  const shown = [percentile(times, 50), p99, Math.max(...times)].map((ms) => ms.toFixed(ms < 10 ? 1 : 0))
  return [question.what, ...shown, `≤ ${question.goalMs}`, verdict, told]
}
