/** Making error objects (dsl.md §4): one shape, codes of docs/problems.md. */
import type { FailureClass, FailureKind } from "../../definition/model.ts"
import type { JsonObject } from "../../json.ts"
import type { RunError } from "../events.ts"
import type { Visit } from "../state.ts"

export interface FailureParts {
  readonly class: FailureClass
  readonly kind?: FailureKind
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly data?: JsonObject
  readonly cause?: RunError
}

export function failure(visit: Visit | null, parts: FailureParts): RunError {
  return {
    type: `waybill:${parts.code}`,
    class: parts.class,
    ...(parts.kind === undefined ? {} : { kind: parts.kind }),
    code: parts.code,
    title: parts.title,
    detail: parts.detail,
    ...(visit === null ? {} : { step: stepPath(visit), attempt: Math.max(visit.attempt, 1) }),
    ...(parts.cause === undefined ? {} : { cause: parts.cause }),
    ...(parts.data === undefined ? {} : { data: parts.data }),
  }
}

/** `checks/pods/check_pods`: how messages name a step. */
export function stepPath(visit: Visit): string {
  return visit.branchPath === "" ? visit.name : `${visit.branchPath}/${visit.name}`
}
