/** An engine's answer becomes its value, or the problem that the error handler sends. */

import type { Finding, ProblemCode } from "@waybill/contract"
import type { Answer, DefinitionProblem } from "@waybill/engine"
import type { FastifyReply } from "fastify"
import { ProblemError, RejectionError } from "./problem.ts"

/** `reply` gets the feed position: a read at or after it sees this write (rule 29). */
export function accepted<T>(answer: Answer<T>, reply: FastifyReply): T {
  if (!answer.ok) throw new RejectionError(answer.rejection, (answer.rejection.problems ?? []).map(finding))
  reply.header("x-waybill-position", answer.position)
  return answer.value
}

export function found<T>(value: T | null | undefined, code: ProblemCode, detail: string): T {
  if (value === null || value === undefined) throw new ProblemError(code, detail)
  return value
}

export function finding(problem: DefinitionProblem): Finding {
  return { ...problem }
}
