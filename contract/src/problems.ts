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
  invalid_query: {
    status: 400,
    title: "The query is not understood",
    todo: "`errors` names each place with its column; `GET /workflow-runs/query` tells the same without an error.",
  },
  malformed_json: {
    status: 400,
    title: "The body is not JSON that Waybill can keep",
    todo: "Send UTF-8 JSON without duplicate keys, NUL, lone surrogates, integers beyond ±(2^53−1) or more than 64 levels; `errors` names the place.",
  },
  cursor_mismatch: {
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
  reason_required: { status: 400, title: "A reason is needed", todo: "Say why; it is kept with the run." },
  // 401, 403
  unauthenticated: {
    status: 401,
    title: "Nobody is known by these credentials",
    todo: "Send `Authorization: Bearer <key>` with a key of this server, or sign in at /login.",
  },
  forbidden: {
    status: 403,
    title: "This role may not do that",
    todo: "Ask somebody with the role that the detail names.",
  },
  link_refused: {
    status: 403,
    title: "The link does not hold, or not any more",
    todo: "Ask for a new one: GET /api/v1/workflow-runs/{runId}/attachments.",
  },
  role_too_high: {
    status: 403,
    title: "Nobody gives a role that is higher than their own",
    todo: "Name a role that you have, or ask an admin.",
  },
  scope_missing: {
    status: 403,
    title: "The key is not made for this",
    todo: "Use a key with the scope that `needed` names, or one without scopes.",
  },
  password_wrong: {
    status: 403,
    title: "The password is not the right one",
    todo: "Send the present one as `current`.",
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
  not_an_approver: {
    status: 403,
    title: "Somebody else has to decide this",
    todo: "The approval names its `approvers`; ask one of them, or let one delegate it.",
  },
  self_approval: {
    status: 403,
    title: "Who started the run may not decide it",
    todo: "Ask another approver; the definition says `excludeInitiator`.",
  },
  // 404, 405
  route_not_found: { status: 404, title: "There is no such route", todo: "See /docs for the routes of this server." },
  workspace_not_found: {
    status: 404,
    title: "There is no such workspace for these credentials",
    todo: "Leave X-Workspace-Id, X-Workspace-Slug and `tenant` out, or let them name one workspace that the credential may use: `GET /api/v1/session` lists them. A list is of one tenant.",
  },
  member_not_found: {
    status: 404,
    title: "Nobody of this name belongs to the workspace",
    todo: "Look at GET /api/v1/members.",
  },
  team_not_found: { status: 404, title: "There is no such team", todo: "Look at GET /api/v1/teams." },
  key_not_found: { status: 404, title: "There is no such key", todo: "Look at GET /api/v1/keys." },
  session_not_found: { status: 404, title: "There is no such session", todo: "Look at GET /api/v1/sessions." },
  workflow_not_found: {
    status: 404,
    title: "There is no such workflow",
    todo: "Look at GET /api/v1/workflows?env=…; a workflow belongs to one environment.",
  },
  workflow_has_no_file: {
    status: 404,
    title: "The workflow does not come from a file",
    todo: "It was made over the API; GET /api/v1/workflows/{id} has its text.",
  },
  version_not_found: {
    status: 404,
    title: "The workflow has no such version",
    todo: "Look at GET /api/v1/workflows/{id}/versions.",
  },
  run_not_found: { status: 404, title: "There is no such run", todo: "Look at GET /api/v1/workflow-runs." },
  step_not_found: {
    status: 404,
    title: "There is no such step",
    todo: "Look at GET /api/v1/workflow-runs/{runId}/steps.",
  },
  log_line_not_found: {
    status: 404,
    title: "The run's log has no such line",
    todo: "Look at GET /api/v1/workflow-runs/{runId}/logs; a line is of its own step, and logs are kept for a while only.",
  },
  approval_not_found: {
    status: 404,
    title: "There is no such approval",
    todo: "Look at GET /api/v1/workflow-approvals.",
  },
  bulk_not_found: { status: 404, title: "There is no such bulk action", todo: "Look at GET /api/v1/bulk." },
  attachment_not_found: {
    status: 404,
    title: "The content of the attachment is not there",
    todo: "Look at `attachments` of GET …/evidence: it says whether it expired or is missing.",
  },
  annotation_not_found: {
    status: 404,
    title: "The run has no such annotation",
    todo: "Look at GET /api/v1/workflow-runs/{runId}/annotations.",
  },
  issue_not_found: { status: 404, title: "There is no such issue", todo: "Look at GET /api/v1/issues." },
  outcome_not_found: {
    status: 404,
    title: "Nothing is known of the business event",
    todo: "Look at GET /api/v1/workflow-runs?businessEventId=….",
  },
  slo_not_found: { status: 404, title: "There is no such target", todo: "Look at GET /api/v1/slos." },
  alert_not_found: { status: 404, title: "There is no such alert", todo: "Look at GET /api/v1/alerts." },
  webhook_not_found: { status: 404, title: "There is no such webhook", todo: "Look at GET /api/v1/webhooks." },
  delivery_not_found: {
    status: 404,
    title: "There is no such delivery",
    todo: "Look at the webhook's or the alert's `deliveries`; the log is kept as long as `webhooksKeepDays` says.",
  },
  agent_not_found: {
    status: 404,
    title: "The environment has no such agent",
    todo: "Look at GET /api/v1/agents?env=….",
  },
  method_not_allowed: {
    status: 405,
    title: "The route does not know this method",
    todo: "Use one of the methods in the Allow header.",
  },
  // 409: the domain says no
  run_finished: {
    status: 409,
    title: "The run has ended",
    todo: "A finished run never changes; start another one with POST …/rerun.",
  },
  archive_damaged: {
    status: 409,
    title: "What lies in the archive is not what was written",
    todo: "Nothing of it is shown. `waybill verify --archive` names the batch; bring its files back from a copy of the archive.",
  },
  evidence_expired: {
    status: 409,
    title: "What happened in the run is past its retention",
    todo: "Its row and its steps are left. `waybill retention show` says what is kept for how long.",
  },
  run_not_finished: { status: 409, title: "The run has not ended", todo: "Wait for its end, or cancel it first." },
  nothing_to_resolve: {
    status: 409,
    title: "The run has nothing to resolve",
    todo: "Only a run that failed, timed out or was cancelled can be resolved.",
  },
  policy_changed: {
    status: 409,
    title: "The policy was changed by somebody else meanwhile",
    todo: "Read it again, put your change on top of it, and send it with the new `basedOn`.",
  },
  too_many_tags: { status: 409, title: "The run has as many tags as it may", todo: "Remove one first." },
  too_many_remarks: {
    status: 409,
    title: "As much has been said about the run as is kept",
    todo: "Nothing can be added to it any more.",
  },
  too_many_attachments: {
    status: 409,
    title: "The run has as many attachments as it may",
    todo: "Attach nothing more to this run; several files fit into one archive.",
  },
  mail_not_configured: {
    status: 409,
    title: "There is no mail server to send with",
    todo: "Set WAYBILL_SMTP_URL and WAYBILL_SMTP_FROM, and start the server again.",
  },
  webhook_disabled: {
    status: 409,
    title: "The webhook or alert is disabled",
    todo: "Enable it first; `disabledReason` says why it was.",
  },
  webhook_locked: {
    status: 409,
    title: "No key opens the webhook or alert",
    todo: "Put the key back into the key file and start again, or give the endpoint its `url` and `headers` anew and rotate its secret.",
  },
  too_many_outcomes: {
    status: 409,
    title: "So much was said of the business event already",
    todo: "Look at GET /api/v1/outcomes/{businessEventId}; 200 are kept.",
  },
  too_many_slos: { status: 409, title: "The workspace has as many targets as it may", todo: "Remove one first." },
  too_many_webhooks: {
    status: 409,
    title: "The workspace has as many webhooks and alerts as it may",
    todo: "Remove one first.",
  },
  workspace_exists: { status: 409, title: "There is a workspace of this slug", todo: "Choose another one." },
  member_exists: {
    status: 409,
    title: "They belong to the workspace already",
    todo: "Change their role with PATCH /api/v1/members/{user}.",
  },
  last_admin: {
    status: 409,
    title: "Nobody could look after the workspace any more",
    todo: "Make somebody else an admin first.",
  },
  access_full: {
    status: 409,
    title: "There are as many of these as there may be",
    todo: "Remove or revoke some that nobody uses.",
  },
  run_cancelling: {
    status: 409,
    title: "The run is being ended already",
    todo: "Wait for its end; `force` skips clean-up.",
  },
  bulk_finished: {
    status: 409,
    title: "The bulk action is over",
    todo: "Start another one for the runs that are left; its items say which.",
  },
  bulk_empty: {
    status: 409,
    title: "No run matches, so there is nothing to do",
    todo: "Look at GET /api/v1/workflow-runs with the same query.",
  },
  bulk_too_large: {
    status: 409,
    title: "More runs match than one bulk action takes",
    todo: "Ask in parts, by time for example: `started:2026-11-01..2026-11-10`.",
  },
  run_paused: { status: 409, title: "The run is paused", todo: "Resume it first." },
  run_not_paused: { status: 409, title: "The run is not paused", todo: "Nothing has to be done: it goes on." },
  run_quarantined: {
    status: 409,
    title: "The run cannot be loaded",
    todo: "Look at the server's log and at `waybill fsck`; `retry-now` lets it try again.",
  },
  run_exists: { status: 409, title: "There is a run with this id already", todo: "Read it with GET …/{runId}." },
  nothing_to_retry: {
    status: 409,
    title: "No step of the run waits to be tried again",
    todo: "Look at GET …/steps for what it waits for.",
  },
  nothing_failed: { status: 409, title: "No step of the run has failed", todo: "Name the state to begin `from`." },
  state_not_visited: {
    status: 409,
    title: "The run never came to this state",
    todo: "Name a state that GET …/steps shows, or leave `from` out.",
  },
  approval_closed: {
    status: 409,
    title: "The approval has been decided, or is over",
    todo: "`data` says by whom and how; a new round is a new approval.",
  },
  already_voted: { status: 409, title: "This person has voted", todo: "Another approver has to vote." },
  content_changed: {
    status: 409,
    title: "What was to be decided has changed since it was read",
    todo: "Read the approval again and decide on what it shows now.",
  },
  delegation_not_allowed: {
    status: 409,
    title: "This approval may not be handed on",
    todo: "The definition would have to say `delegation: { allowed: true }`.",
  },
  concurrency_limit: {
    status: 409,
    title: "As many runs as allowed hold the concurrency key",
    todo: "Start it again once one of them has ended; `onLimit: queue` would wait by itself.",
  },
  duplicate_key: {
    status: 409,
    title: "Two equal requests met",
    todo: "Send the same request again with the same Idempotency-Key: it answers with what the first one did.",
  },
  idempotency_conflict: {
    status: 409,
    title: "A run was started with this idempotency key before",
    todo: "`data.runId` is that run; the definition says `onConflict: reject`.",
  },
  deadlock: {
    status: 409,
    title: "The child run would wait for its own parent",
    todo: "Give parent and child different concurrency keys.",
  },
  workflow_exists: { status: 409, title: "There is a workflow of this id", todo: "PUT makes a new version of it." },
  workflow_disabled: { status: 409, title: "The workflow takes no new runs", todo: "Enable it first." },
  workflow_has_runs: {
    status: 409,
    title: "The workflow has runs and cannot be deleted",
    todo: "Disable it instead; its history stays.",
  },
  workflow_from_file: {
    status: 409,
    title: "The workflow comes from a file",
    todo: "Remove the file and sync.",
  },
  file_missing: {
    status: 409,
    title: "The workflow's file is gone",
    todo: "Put the file back and sync, or save the definition over the API.",
  },
  version_current: { status: 409, title: "This version serves already", todo: "Nothing has to be done." },
  environment_missing: {
    status: 409,
    title: "The environment's folder is not there",
    todo: "Put the folder back; nothing was disabled.",
  },
  prune_required: {
    status: 409,
    title: "The sync would disable more than half of the workflows",
    todo: "If the files are really gone, sync with `prune`.",
  },
  sync_conflict: {
    status: 409,
    title: "Workflows were changed over the API since the last sync",
    todo: "Take the API's content into the file, or sync with `force`.",
  },
  // 413, 415
  payload_too_large: {
    status: 413,
    title: "The body is larger than the route takes",
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
  sync_invalid: {
    status: 422,
    title: "Files of the environment have errors",
    todo: "Mend what the plan's problems name, then sync again.",
  },
  id_mismatch: {
    status: 422,
    title: "The definition's `id` is not the one in the path",
    todo: "A definition keeps its id; POST makes a new one.",
  },
  input_invalid: {
    status: 422,
    title: "The input does not fit the workflow's schema",
    todo: "`data` says where; GET /api/v1/workflows/{id} shows `inputSchema`.",
  },
  key_invalid: {
    status: 422,
    title: "The definition's key cannot be made from this input",
    todo: "The template of `idempotency.key` or `concurrency.key` has to give a text or a number.",
  },
  value_too_large: {
    status: 422,
    title: "A value is larger than a run may hold",
    todo: "Store large data elsewhere and pass a reference to it.",
  },
  signal_invalid: {
    status: 422,
    title: "The signal's data does not fit the schema the workflow declares",
    todo: "Send data as the `schema` of the state that listens says; each place that breaks it is named.",
  },
  webhook_url_refused: {
    status: 422,
    title: "Nothing is sent to this address",
    todo: "Name an `https://` address without user and password that the outside can reach; the operator may allow others in `webhooksAllow`.",
  },
  outcome_unknown: {
    status: 422,
    title: "The approval has no such outcome",
    todo: "Use one of the approval's `outcomes`.",
  },
  comment_required: { status: 422, title: "This outcome needs a comment", todo: "Send `comment`." },
  form_invalid: {
    status: 422,
    title: "The form does not fit its schema",
    todo: "The approval shows it as `formSchema`; `errors` says where.",
  },
  content_hash_required: {
    status: 422,
    title: "The decision must name the content it was made on",
    todo: "Send the approval's `contentHash` as it was when it was read.",
  },
  approver_invalid: {
    status: 422,
    title: "An approver is neither `user:…` nor `team:…`",
    todo: "Write `user:alice@example.com` or `team:sre`.",
  },
  state_not_found: {
    status: 422,
    title: "The workflow has no such state",
    todo: "Name one of its states, `failed`, or leave `from` out.",
  },
  input_patch_with_from: {
    status: 422,
    title: "A run that begins at a state reads its context, not its input",
    todo: "Patch the context with `contextPatch`, or leave `from` out.",
  },
  context_patch_without_from: {
    status: 422,
    title: "A run from the start has no context to patch",
    todo: "Patch the input with `inputPatch`, or name a state in `from`.",
  },
  expression_invalid: {
    status: 422,
    title: "The expression does not parse",
    todo: "`data` has line and column; docs/reference/expressions.md has the language.",
  },
  expression_failed: {
    status: 422,
    title: "The expression cannot be evaluated over this context",
    todo: "`data` has the position, the values it saw and the names it could have used.",
  },
  invalid_policy: {
    status: 422,
    title: "The policy cannot be used as it is written",
    todo: "Each of `errors` names its place; nothing was changed.",
  },
  expression_budget: {
    status: 422,
    title: "The expression does more than it may",
    todo: "An expression has 100,000 steps and 1 MiB of values; look at less at a time.",
  },
  value_not_json: {
    status: 422,
    title: "The expression's value is no JSON value",
    todo: "End with a number, a text, a list, a dict, a boolean or None.",
  },
  number_out_of_range: {
    status: 422,
    title: "A number lies beyond ±(2^53−1)",
    todo: "JSON would round it; write it as a text with `str()`.",
  },
  // 426, 429
  upgrade_required: {
    status: 426,
    title: "This address is a WebSocket",
    todo: "Open it with a WebSocket client; the same is to be read at GET /api/workflows/{workflow_id}/executions.",
  },
  mailbox_full: {
    status: 429,
    title: "The run has more unread signals or commands than it may keep",
    todo: "Send it again once the run has taken some.",
  },
  backfill_too_fast: {
    status: 429,
    title: "Runs of a backfill are started faster than they may be",
    todo: "Send the same request again after Retry-After, with the same Idempotency-Key; `waybill backfill` keeps to the pace by itself.",
  },
  too_many_tries: {
    status: 429,
    title: "Too many sign-ins have failed",
    todo: "Wait a quarter of an hour, or let an admin set another password.",
  },
  // 5xx
  internal_error: {
    status: 500,
    title: "Something went wrong inside the server",
    todo: "The server's log has the details under this `requestId`.",
  },
  query_too_slow: {
    status: 503,
    title: "The question takes longer than it may hold a reader",
    todo: "Ask for less: a shorter time, one workflow, a smaller page. The server is well, and so are its runs.",
  },
  archive_unavailable: {
    status: 503,
    title: "The archive does not answer",
    todo: "The run is listed still; what its events tell lies in the archive. Ask again; `waybill retention show` and the server's log say more.",
  },
  store_unavailable: {
    status: 503,
    title: "Nothing can be stored now",
    todo: "Nothing of the request was done. Send it again after Retry-After, with the same Idempotency-Key; the server's log says why.",
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
