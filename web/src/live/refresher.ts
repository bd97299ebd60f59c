/**
 * Keeps queries as fresh as the live connection allows: a query names in `meta.live` what it depends on, and is asked
 * again when one of these moves — at once for the first time, then at most every `meta.liveEveryMs`, and once more when
 * something moved while it was being asked. Queries that nobody looks at are only marked old.
 */
import type { Query, QueryClient } from "@tanstack/react-query"
import { problemWords } from "../data/problem-words.ts"
import type { LiveBatch } from "./connection.ts"
import { topicsOf } from "./topics.ts"

const EVERY_MS = 1_000

interface Pace {
  isDirty: boolean
  isAsking: boolean
  askedAt: number
  timer: unknown
}

export interface RefresherPorts {
  now(): number
  setTimer(run: () => void, ms: number): unknown
}

export class Refresher {
  private readonly queries: QueryClient
  private readonly ports: RefresherPorts
  private readonly paces = new Map<string, Pace>()

  constructor(queries: QueryClient, ports: RefresherPorts) {
    this.queries = queries
    this.ports = ports
    // What is forgotten there is forgotten here, so that the map has the cache's bound.
    queries.getQueryCache().subscribe((event) => {
      if (event.type === "removed") this.paces.delete(event.query.queryHash)
    })
  }

  readonly take = (batch: LiveBatch): void => {
    const moved = new Set(batch.messages.flatMap((message) => topicsOf(message)))
    for (const query of this.queries.getQueryCache().getAll()) {
      const topics = query.meta?.live
      if (topics === undefined) continue
      if (batch.everything || topics.some((topic) => moved.has(topic))) this.touch(query)
    }
  }

  /** Asks for everything that is looked at; true when the server answered each time. */
  readonly askAll = async (): Promise<boolean> => {
    const wanted = this.queries
      .getQueryCache()
      .getAll()
      .filter((query) => query.meta?.live !== undefined && query.isActive())
    await this.queries.refetchQueries({ predicate: (query) => wanted.includes(query) })
    return wanted.every((query) => query.state.status !== "error" && query.state.fetchFailureCount === 0)
  }

  /** The server answers again: what could not be answered while it was away is asked for once more. */
  readonly askFailed = (): void => {
    for (const query of this.queries.getQueryCache().getAll()) {
      if (query.state.status === "error" && problemWords(query.state.error).canRetry) this.touch(query)
    }
  }

  private touch(query: Query): void {
    if (!query.isActive()) {
      query.invalidate()
      return
    }
    const pace = this.paceOf(query)
    pace.isDirty = true
    this.plan(query, pace)
  }

  private plan(query: Query, pace: Pace): void {
    if (pace.isAsking || pace.timer !== null) return
    const every = query.meta?.liveEveryMs ?? EVERY_MS
    const wait = Math.max(0, pace.askedAt + every - this.ports.now())
    if (wait === 0) void this.ask(query, pace)
    else {
      pace.timer = this.ports.setTimer(() => {
        pace.timer = null
        void this.ask(query, pace)
      }, wait)
    }
  }

  private async ask(query: Query, pace: Pace): Promise<void> {
    pace.isDirty = false
    pace.isAsking = true
    pace.askedAt = this.ports.now()
    // An answer that is under way may be older than what moved, so it is asked anew.
    await this.queries.refetchQueries({ queryKey: query.queryKey, exact: true, type: "active" })
    pace.isAsking = false
    if (pace.isDirty) this.plan(query, pace)
  }

  private paceOf(query: Query): Pace {
    const known = this.paces.get(query.queryHash)
    if (known !== undefined) return known
    const pace = { isDirty: false, isAsking: false, askedAt: Number.NEGATIVE_INFINITY, timer: null }
    this.paces.set(query.queryHash, pace)
    return pace
  }
}
