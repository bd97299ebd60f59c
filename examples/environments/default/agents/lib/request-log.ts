/**
 * Reading pods' request logs: the lines of the last seconds, from the end of the file backwards, and what they say about
 * errors. At most 512 KiB of a log are read; lines that are not whole are left out.
 */
import { open } from "node:fs/promises"
import type { Pod } from "./cluster.ts"

const TAIL_BYTES_MAX = 256 * 1024

export interface LoggedRequest {
  readonly pod: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly status: number
  readonly ms: number
  readonly error: string | null
}

export interface PodErrors {
  readonly pod: string
  readonly requests: number
  readonly errors: number
  readonly error_rate: number
  readonly latency_p95_ms: number
}

/** Requests that these pods logged at or after `since` (milliseconds since the epoch), pod by pod in order of time. */
export async function requestsSince(pods: readonly Pod[], since: number): Promise<LoggedRequest[]> {
  const perPod = await Promise.all(
    pods.map(async ({ name, logFile }) => {
      const text = (await tail(`${logFile}.1`)) + (await tail(logFile))
      return text.split("\n").flatMap((line) => parsed(line, name))
    }),
  )
  return perPod.flat().filter((request) => request.at >= since)
}

/** The share of requests answered with 500 and over; a 4xx is the customer's error, not the service's. */
export function errorRate(requests: readonly LoggedRequest[]): number {
  return requests.length === 0 ? 0 : rounded(failures(requests).length / requests.length)
}

export function failures(requests: readonly LoggedRequest[]): LoggedRequest[] {
  return requests.filter((request) => request.status >= 500)
}

export function errorsByPod(requests: readonly LoggedRequest[]): PodErrors[] {
  const byPod = new Map<string, LoggedRequest[]>()
  for (const request of requests) {
    const own = byPod.get(request.pod)
    if (own) own.push(request)
    else byPod.set(request.pod, [request])
  }
  return [...byPod].map(([pod, own]) => ({
    pod,
    requests: own.length,
    errors: failures(own).length,
    error_rate: errorRate(own),
    latency_p95_ms: percentile95(own.map((request) => request.ms)),
  }))
}

function percentile95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? 0
}

function rounded(rate: number): number {
  return Math.round(rate * 10_000) / 10_000
}

/** The end of a file from a whole line on; empty when there is no such file (a log that never was full has no `.1`). */
async function tail(file: string): Promise<string> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null
    throw error
  })
  if (handle === null) return ""
  try {
    const { size } = await handle.stat()
    const start = Math.max(0, size - TAIL_BYTES_MAX)
    const buffer = Buffer.alloc(size - start)
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start)
    const text = buffer.toString("utf8", 0, bytesRead)
    return start === 0 ? text : text.slice(text.indexOf("\n") + 1)
  } finally {
    await handle.close()
  }
}

function parsed(line: string, pod: string): LoggedRequest[] {
  if (!line.endsWith("}")) return []
  try {
    const entry = JSON.parse(line) as { ts: string; status: number; ms: number; error?: string }
    const at = Date.parse(entry.ts)
    if (Number.isNaN(at) || typeof entry.status !== "number") return []
    return [{ pod, at, status: entry.status, ms: entry.ms, error: entry.error ?? null }]
  } catch {
    return []
  }
}
