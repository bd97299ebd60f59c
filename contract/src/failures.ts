/**
 * Codes that stand in records and reports instead of answers: why a step or a run failed (`error.code`), what is wrong
 * with an agent's file, why a server cannot open its data. Agents bring codes of their own besides (`card_declined`).
 */
export interface FailureEntry {
  readonly meaning: string
  readonly todo: string
}

/** `error.code` of steps and runs that is ours. */
export const FAILURES = {
  agent_input_invalid: {
    meaning: "What the state hands to the agent does not fit the agent's input schema.",
    todo: "`error.data` has the pointer and the value; mend the state's `variables`.",
  },
  agent_output_invalid: {
    meaning: "What the agent returned does not fit its output schema.",
    todo: "`error.data` has the pointer and the value; mend the agent or its schema.",
  },
  agent_unknown: {
    meaning: "No agent of this name is loaded in the run's environment.",
    todo: "Put the agent's file in the environment's folder, sync, and retry.",
  },
  approval_timeout: {
    meaning: "Nobody decided in time. A timeout never approves.",
    todo: "Run it again, or give the state `onTimeout`.",
  },
  bad_output: {
    meaning: "The agent returned something that is not JSON, or too large or too deep.",
    todo: "Return plain objects, lists, texts, numbers, booleans or null.",
  },
  cause: {
    meaning: "What lies behind the error above it, as the agent's `error.cause` named it.",
    todo: "The outermost error says what to do.",
  },
  child_failed: {
    meaning: "A run that this state started did not complete.",
    todo: "Look at the child run; `error.cause` has its error.",
  },
  context_too_large: {
    meaning: "The run's context would grow beyond 32 MiB.",
    todo: "Keep large data elsewhere and pass a reference, or use `resultSelector`.",
  },
  deadlock: {
    meaning: "A child run needs the concurrency key that its own parent holds.",
    todo: "Give parent and child different keys.",
  },
  expression_budget: {
    meaning: "An expression does more than it may.",
    todo: "Look at less at a time; an expression has 100,000 steps.",
  },
  expression_failed: {
    meaning: "A condition or selector could not be evaluated.",
    todo: "`error.data` has the expression, the position, the values it saw and the names it could have used.",
  },
  index_out_of_range: {
    meaning: "A `resultPath` names a place in a list further than one behind its end.",
    todo: "Lists grow by one at a time; use `resultMode: append`.",
  },
  join_failed: {
    meaning: "A parallel or foreach cannot reach what its join asks for.",
    todo: "`error.cause` has the first branch's or item's error.",
  },
  loop_exhausted: {
    meaning: "A loop reached `maxIterations` before its bound was met.",
    todo: "Raise the bound, or mend what never comes true.",
  },
  lost: {
    meaning: "The process that worked on the attempt died three times.",
    todo: "Look for what takes it down: memory, native code, `process.exit`.",
  },
  no_match: {
    meaning: "No condition of a switch holds and there is no `defaultNext`.",
    todo: "Add `defaultNext`.",
  },
  not_an_array: {
    meaning: "A list was needed where another kind of value lies.",
    todo: "`error.detail` names the path.",
  },
  not_an_object: {
    meaning: "A `resultPath` leads through a value that is not an object.",
    todo: "`error.detail` names the path.",
  },
  number_out_of_range: {
    meaning: "A number lies beyond ±(2^53−1), which JSON would round.",
    todo: "Keep such numbers as texts.",
  },
  output_invalid: {
    meaning: "The run's output does not fit the workflow's `outputSchema`.",
    todo: "`error.data` has the pointer and the value.",
  },
  path_not_found: {
    meaning: "A template reads a path that is not there and has no default.",
    todo: '`error.detail` names the nearest existing one; write `{{ path ?? "default" }}` where it may be absent.',
  },
  process_exit: {
    meaning: "The agent called `process.exit`.",
    todo: "Throw an error instead.",
  },
  recursion_limit: {
    meaning: "Runs start runs more than 32 levels deep.",
    todo: "Look for workflows that start each other.",
  },
  rejected: {
    meaning: "An approver said no and the definition makes that a failure.",
    todo: "`onReject` says where to go instead.",
  },
  result_path_invalid: {
    meaning: "A result cannot be written where `resultPath` says.",
    todo: "`error.detail` names the path and what lies there.",
  },
  run_timeout: {
    meaning: "The run took longer than its `timeoutSeconds`.",
    todo: "GET …/timeline shows where the time went.",
  },
  runaway: {
    meaning: "States led in a circle without anything that takes time.",
    todo: "Give the circle a way out, a wait or an operation.",
  },
  signal_timeout: {
    meaning: "The signal did not come in time.",
    todo: "Give the state `onTimeout`, or more time.",
  },
  state_timeout: {
    meaning: "The state took longer than its `totalTimeoutSeconds`.",
    todo: "GET …/timeline shows where the time went.",
  },
  thrown_value: {
    meaning: "The agent threw something that is not an error.",
    todo: "Throw an `Error`, best an `AgentError` with a class.",
  },
  timeout: {
    meaning: "The attempt took longer than its `timeoutSeconds`.",
    todo: "Give it more time, or let the agent stop when `ctx.signal` fires.",
  },
  uncaught_exception: {
    meaning: "The agent failed outside of its own promise.",
    todo: "Await what the agent starts.",
  },
  unhandled_rejection: {
    meaning: "A promise of the agent failed and nobody looked.",
    todo: "Await what the agent starts.",
  },
  unreadable_error: {
    meaning: "What the agent threw cannot be read.",
    todo: "Throw an `Error` whose fields are plain.",
  },
  validation_not_passed: {
    meaning: "The state's `validation` does not hold for the output.",
    todo: "`validation.reasons` of the step says why.",
  },
  value_not_json: {
    meaning: "An expression's value is no JSON value.",
    todo: "End with a number, a text, a list, a dict, a boolean or None.",
  },
  value_too_large: {
    meaning: "A value is larger than 8 MiB.",
    todo: "Keep large data elsewhere and pass a reference.",
  },
  wait_invalid: {
    meaning: "`seconds` or `until` of a wait is no time.",
    todo: "`error.detail` shows what it is.",
  },
} as const satisfies Readonly<Record<string, FailureEntry>>

/** What can be wrong with files of an environment besides what stands in a definition. */
export const FILE_PROBLEMS = {
  agent_load_failed: { meaning: "An agent's file cannot be loaded.", todo: "The message has its own error and place." },
  agent_load_timeout: {
    meaning: "The top level of an agent's file took longer than 30 s.",
    todo: "Do such work inside `run`.",
  },
  agent_name_taken: { meaning: "Two files name the same agent.", todo: "Rename one." },
  agent_schema: { meaning: "An agent's schema is not valid JSON Schema.", todo: "The message names the place." },
  agent_shape: {
    meaning: "The file's default export is no agent.",
    todo: "Export `{ name, run, … }`; `defineAgent` of the SDK checks it while you type.",
  },
  agents_missing: {
    meaning: "The environment has no folder `agents`.",
    todo: "Make it, or ignore this without agents.",
  },
  duplicate_id: { meaning: "Two files define a workflow of the same id.", todo: "Give one another id." },
  file_unreadable: { meaning: "A file is there and cannot be read.", todo: "The message has the system's reason." },
} as const satisfies Readonly<Record<string, FailureEntry>>

/** Why a server cannot open its data directory. It exits 1, for `data_locked` 3. */
export const DATA_PROBLEMS = {
  data_corrupt: { meaning: "The database is damaged.", todo: "Restore the newest backup." },
  data_full: { meaning: "The disk is full.", todo: "Free some space; nothing was lost." },
  data_locked: { meaning: "Another process uses this data directory.", todo: "Stop it, or use its HTTP interface." },
  data_newer_than_program: {
    meaning: "A newer Waybill has written this data directory.",
    todo: "Start that version, or restore a backup of this one.",
  },
  data_not_waybill: { meaning: "The file is another program's database.", todo: "Choose another WAYBILL_DATA_DIR." },
  data_read_only: { meaning: "The data directory cannot be written.", todo: "Give this user the right to write it." },
  data_unreadable: { meaning: "The data directory cannot be read.", todo: "The message has the system's reason." },
  data_unsigned: {
    meaning: "Seals of retention are not signed, though all were: somebody may have written them.",
    todo: "If the database is a copy from before that, remove the file that the message names and start again.",
  },
  sqlite_too_old: {
    meaning: "SQLite's library has a known fault.",
    todo: "Install again, so that the pinned one is built.",
  },
} as const satisfies Readonly<Record<string, FailureEntry>>
