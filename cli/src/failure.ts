/** Everything a command can end with but success: what, where, what to do, and the exit code. */
import type { Finding } from "@waybill/contract"
import { ProblemError, UnreachableError } from "@waybill/sdk"
import { exitCodes } from "./exit-codes.ts"

export interface Failure {
  /** Stable; the server's own where it was the server that said no. */
  readonly code: string
  readonly detail: string
  readonly where: string | null
  readonly hint: string | null
  readonly errors: readonly Finding[]
  readonly exitCode: number
  /** What the server sent along: the current state, the winner of a race. */
  readonly data?: unknown
}

/** Thrown by commands; `runCli` prints it. */
export class CommandFailure extends Error {
  readonly failure: Failure
  constructor(failure: Partial<Failure> & Pick<Failure, "code" | "detail">) {
    super(failure.detail)
    this.name = "CommandFailure"
    this.failure = { where: null, hint: null, errors: [], exitCode: exitCodes.failed, ...failure }
  }
}

export function wrongUse(detail: string, hint: string | null = null): CommandFailure {
  return new CommandFailure({ code: "wrong_use", detail, hint, exitCode: exitCodes.wrongUse })
}

/** `server`: the address and where it comes from, for the one who has to look there. */
export function failureOf(error: unknown, server: string | null): Failure {
  if (error instanceof CommandFailure) return error.failure
  if (error instanceof UnreachableError) return unreachable(error, server)
  if (error instanceof ProblemError) return refused(error, server)
  const detail = error instanceof Error ? error.message : String(error)
  const where = error instanceof Error ? placeOf(error) : null
  return { code: "failed", detail, where, hint: null, errors: [], exitCode: exitCodes.failed }
}

function unreachable(error: UnreachableError, server: string | null): Failure {
  const late = error.cause instanceof Error && error.cause.name === "TimeoutError"
  return {
    code: late ? "server_too_slow" : "server_unreachable",
    detail: error.message,
    where: server,
    hint: late
      ? "The server took the connection and did not answer in time. Look at its log; `waybill doctor` asks it whether it is ready."
      : "Start it with `waybill serve`, or name another address with --url or WAYBILL_URL.",
    errors: [],
    exitCode: exitCodes.notThere,
  }
}

/** A proxy in front of a server that is gone says so in its own words. */
const GATEWAY = new Set(["http_502", "http_503", "http_504"])

function refused({ problem }: ProblemError, server: string | null): Failure {
  const request = problem.requestId === "" ? "" : `, request ${problem.requestId}`
  return {
    code: problem.code,
    detail: problem.detail,
    where: `${problem.instance}${server === null ? "" : ` at ${server}`}${request}`,
    hint: hintFor(problem.code) ?? (problem.hint === problem.detail ? null : (problem.hint ?? null)),
    errors: problem.errors ?? [],
    exitCode: GATEWAY.has(problem.code) ? exitCodes.notThere : exitCodes.failed,
    ...(problem.data !== undefined && { data: problem.data }),
  }
}

/** Where the server speaks of headers and routes, the command line has words of its own. */
function hintFor(code: string): string | null {
  switch (code) {
    case "unauthenticated":
      return "Put a key of this server's configuration into WAYBILL_API_KEY."
    case "run_not_found":
      return "`waybill runs list` shows the runs there are."
    case "workflow_not_found":
      return "`waybill workflows list` shows the workflows there are; --env names another environment."
    case "version_not_found":
      return "`waybill workflows versions <workflow>` shows the versions there are."
    case "approval_not_found":
      return "`waybill approvals list` shows what waits."
    case "approval_closed":
      return "`waybill approvals list` shows what still waits; a new round is a new approval."
    case "agent_not_found":
      return "`waybill agents list` shows the agents there are; --env names another environment."
    case "run_finished":
      return "A finished run never changes; `waybill runs rerun` starts a new one from it."
    case "run_paused":
      return "`waybill runs resume` lets it go on."
    case "workflow_disabled":
      return "`waybill workflows enable` takes runs of it again."
    case "expression_invalid":
      return "docs/reference/expressions.md has the language."
    case "overloaded":
    case "draining":
      return "Try again in a moment."
    default:
      return null
  }
}

/** The first line of our own code: a bug is reported with it. */
function placeOf(error: Error): string | null {
  const line = error.stack?.split("\n").find((text) => /^\s+at /.test(text))
  return line === undefined ? null : line.trim()
}
