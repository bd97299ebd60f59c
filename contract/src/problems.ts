/**
 * The catalogue of what a door can answer instead of what was asked: stable code → HTTP status, title, what to do.
 * `docs/problems.md` is generated from it, and a test holds it equal to the codes that the tree really uses.
 * Findings inside a definition (`errors[].code`) and failures of steps have lists of their own, in the engine.
 */
export interface ProblemEntry {
  /** HTTP status. */
  readonly status: number
  readonly title: string
  /** One sentence: what the caller can do about it. */
  readonly todo: string
}

export const PROBLEMS = {
  // 400: the request itself
  invalid_request: {
    status: 400,
    title: "The request is not as the route needs it",
    todo: "Mend the fields listed under `errors`; unknown fields and parameters are refused, not ignored.",
  },
  malformed_json: {
    status: 400,
    title: "The body is not JSON that Waybill can keep",
    todo: "Send UTF-8 JSON without duplicate keys, NUL, lone surrogates, integers beyond ±(2^53−1) or more than 64 levels; `errors` names the place.",
  },
  invalid_cursor: {
    status: 400,
    title: "The cursor does not belong to this list",
    todo: "Use `nextCursor` as it came, with the same filter and sort, or start again without a cursor.",
  },
  invalid_idempotency_key: {
    status: 400,
    title: "The Idempotency-Key cannot be used",
    todo: "Send 1 to 255 printable ASCII characters.",
  },
  not_supported_yet: {
    status: 400,
    title: "This release does not do that",
    todo: "Leave the named field or parameter out; it would be ignored otherwise, and Waybill never ignores.",
  },
  // 401, 403
  unauthenticated: {
    status: 401,
    title: "Nobody is known by these credentials",
    todo: "Send `Authorization: Bearer <key>` with a key of this server's configuration.",
  },
  forbidden: {
    status: 403,
    title: "This role may not do that",
    todo: "Ask somebody with the role that the detail names.",
  },
  host_refused: {
    status: 403,
    title: "The Host header is not one of this server's names",
    todo: "Use the address the server prints, or add the name to `allowedHosts`.",
  },
  origin_refused: {
    status: 403,
    title: "Requests from this origin are refused",
    todo: "Open the UI from the server itself, or add the origin to `allowedOrigins`.",
  },
  // 404, 405
  route_not_found: { status: 404, title: "There is no such route", todo: "See /docs for the routes of this server." },
  workspace_not_found: {
    status: 404,
    title: "There is no such workspace for these credentials",
    todo: "Leave X-Workspace-Id and X-Workspace-Slug out, or name a workspace the credential may use.",
  },
  workflow_not_found: {
    status: 404,
    title: "There is no such workflow",
    todo: "Look at GET /api/v1/workflows?env=…; a workflow belongs to one environment.",
  },
  version_not_found: {
    status: 404,
    title: "The workflow has no such version",
    todo: "Look at GET /api/v1/workflows/{id}/versions.",
  },
  run_not_found: { status: 404, title: "There is no such run", todo: "Look at GET /api/v1/workflow-runs." },
  step_not_found: {
    status: 404,
    title: "The run has no such step",
    todo: "Look at GET /api/v1/workflow-runs/{runId}/steps.",
  },
  approval_not_found: {
    status: 404,
    title: "There is no such approval",
    todo: "Look at GET /api/v1/workflow-approvals.",
  },
  agent_not_found: {
    status: 404,
    title: "The environment has no such agent",
    todo: "Look at GET /api/v1/agents?env=….",
  },
  environment_not_found: {
    status: 404,
    title: "There is no such environment",
    todo: "Make the folder under the environments directory, then sync.",
  },
  method_not_allowed: {
    status: 405,
    title: "The route does not know this method",
    todo: "Use one of the methods in the Allow header.",
  },
  // 413, 415
  payload_too_large: {
    status: 413,
    title: "The body is larger than 4 MiB",
    todo: "Store large data elsewhere and pass a reference to it.",
  },
  unsupported_media_type: {
    status: 415,
    title: "The body's content type is not known here",
    todo: "Send application/json; definitions also as application/yaml.",
  },
  // 422
  idempotency_key_reused: {
    status: 422,
    title: "The Idempotency-Key was used for another request",
    todo: "Use a new key for a new request; the same key is only for sending the same request again.",
  },
  definition_invalid: {
    status: 422,
    title: "The definition has errors",
    todo: "Mend what `errors` lists; `waybill validate` shows the same.",
  },
  // 5xx
  internal_error: {
    status: 500,
    title: "Something went wrong inside the server",
    todo: "The server's log has the details under this `requestId`.",
  },
  overloaded: {
    status: 503,
    title: "The server has more to write than it can take in",
    todo: "Send the same request again after Retry-After, with the same Idempotency-Key.",
  },
  draining: {
    status: 503,
    title: "The server is going down and starts nothing new",
    todo: "Send the same request again after Retry-After, with the same Idempotency-Key.",
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>

export type ProblemCode = keyof typeof PROBLEMS

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code)
}
