/** The state types of the language, one schema each; an operation has one for each action. */
import type { JsonObject } from "../../json.ts"
import { anything, choice, closed, constant, flag, list, type Properties, ref, seconds, text, whole } from "./parts.ts"
import { RESULT, stateOf } from "./shared.ts"

const agentRun = stateOf(
  "Runs an agent.",
  constant("operation", "One action of one executor."),
  {
    action: constant("agent.run", "Runs an agent."),
    input: closed(
      "What the agent is given. Properties that its input schema declares and `variables` lacks come from the context by name.",
      {
        agent: ref("template", "The agent's name, or `name@environment`."),
        task: ref("template", "What it shall do."),
        variables: { type: "object", description: "Its input. Templates are replaced." },
        timeoutSeconds: seconds("The time of one attempt; the smaller of this and the state's holds."),
        outputSchema: ref("schema", "What the output must be; may only narrow the agent's own."),
      },
      ["agent"],
    ),
    retry: ref("retry"),
    heartbeatSeconds: seconds("An attempt that is silent for so long is lost."),
    outputSchema: ref("schema", "What the output must be; may only narrow the agent's own."),
    validation: closed(
      "Whether the output is good, beyond its schema.",
      {
        if: ref("expression", "True when it is."),
        score: ref("expression", "A number for the record."),
        reasons: ref("expression", "A list for the record."),
      },
      ["if"],
    ),
    ...RESULT,
  },
  ["action", "input"],
)

function containing(name: string): JsonObject {
  const named: JsonObject = { type: "object", properties: { name: { const: name } }, required: ["name"] }
  return { contains: { anyOf: [{ const: name }, named] } }
}

const outcome = closed(
  "An outcome with its own rules.",
  {
    name: ref("name"),
    requireComment: flag("The person who decides must say why.", false),
    rewindTo: ref("target", "Goes back to this state of the same scope."),
    maxTimes: whole("How often `rewindTo` is followed.", 1, 1_000),
  },
  ["name"],
)

const approvalInput: Properties = {
  message: ref("template", "What is asked."),
  summaryPath: ref("path", "The part of the context that is shown beside it."),
  approvers: list("Who may decide. Absent: every operator.", ref("person")),
  timeoutSeconds: seconds("How long it may take; the smaller of this and the state's holds."),
  quorum: closed("How many must agree.", {
    approve: whole("Approvals that decide.", 1, 100, 1),
    reject: whole("Rejections that decide.", 1, 100, 1),
  }),
  separationOfDuties: closed("Who may not decide.", {
    excludeInitiator: flag("Not the one who started the run.", false),
    distinct: flag("One person counts once.", true),
  }),
  bindTo: choice("Binds the decision to what was shown; if that changes, people are asked again.", ["content"]),
  outcomes: list(
    "What may be decided. Always with `approve` and `reject`.",
    { anyOf: [ref("name"), outcome] },
    {
      allOf: ["approve", "reject"].map(containing),
    },
  ),
  form: closed("What is asked besides yes or no.", { schema: ref("schema", "The form's fields.") }, ["schema"]),
  sla: closed("When it should be decided; nothing happens by itself.", {
    dueSeconds: seconds("Due after."),
    warnSeconds: seconds("Warned after."),
  }),
  reminders: list(
    "When people are reminded.",
    closed("One reminder.", { everySeconds: seconds("The interval."), max: whole("How often.", 1, 100, 3) }, [
      "everySeconds",
    ]),
  ),
  escalation: list(
    "Who is asked as well when nobody decides.",
    closed(
      "One escalation.",
      {
        afterSeconds: seconds("After."),
        to: list("Who.", text("`team:<name>` or `user:<name>`.", { pattern: "^(team|user):\\S+$" })),
      },
      ["afterSeconds", "to"],
    ),
  ),
  delegation: closed("Whether approvers may name another.", { allowed: flag("They may.", false) }),
  onTimeout: ref(
    "onTimeout",
    "Where to go when nobody decided in time. Absent: the run is TIMED_OUT. A timeout never approves.",
  ),
  onReject: closed("What a rejection does.", {
    status: choice("How the run ends.", ["CANCELLED", "FAILED"], "CANCELLED"),
    next: ref("target", "Goes on here instead of ending."),
  }),
}

const humanApproval = stateOf(
  "Waits until people decide.",
  constant("operation", "One action of one executor."),
  {
    action: constant("human.approval", "Waits until people decide."),
    input: closed("What is asked, and of whom.", approvalInput, ["message"]),
    ...RESULT,
  },
  ["action", "input"],
)

const switchState = stateOf(
  "Goes where the first condition that holds leads.",
  constant("switch", "Decides."),
  {
    dataPath: ref("path", "The value whose keys are names in the conditions, and `result`. Default `ctx`."),
    conditions: list(
      "Asked in order.",
      closed("One condition.", { if: ref("expression"), next: ref("target"), name: ref("name", "For the timeline.") }, [
        "if",
        "next",
      ]),
    ),
    defaultNext: ref("target", "Where to go when no condition holds. Absent: the state fails with `no_match`."),
    onError: choice("What a failing condition does.", ["fail", "default"], "fail"),
  },
  ["conditions"],
)

const branch = closed(
  "A branch: states with a context of their own.",
  { name: ref("name"), start: ref("target"), states: ref("states") },
  ["name", "states"],
)

const join = closed(
  "When the parallel is done.",
  {
    mode: choice(
      "all: every branch succeeded · any: one did · quorum: `count` did · settled: every branch ended.",
      ["all", "any", "quorum", "settled"],
      "all",
    ),
    count: whole("For `quorum`: how many must succeed.", 1, 1_000),
    cancelRemaining: flag("Branches that are no longer needed are cancelled.", true),
    onBranchFailure: choice("For `all`: fail at once, or wait for the others.", ["failFast", "wait"], "failFast"),
  },
  [],
  {
    // `count` and `mode: quorum` need each other.
    oneOf: [
      { properties: { mode: { const: "quorum" } }, required: ["mode", "count"] },
      { not: { required: ["count"] }, properties: { mode: { not: { const: "quorum" } } } },
    ],
  },
)

const parallel = stateOf(
  "Runs branches at the same time; its result is an object with each branch's own writes.",
  constant("parallel", "Several branches."),
  {
    branches: list("The branches.", branch, { minItems: 1, maxItems: 1_000 }),
    join,
    maxConcurrency: whole("Branches at once; absent: all.", 1, 1_000),
    ...RESULT,
  },
  ["branches"],
)

const inject = stateOf(
  "Writes data into the context; without `resultPath` it is merged at the root.",
  constant("inject", "Writes data."),
  { data: anything("The data, as it stands."), templated: flag("Templates in it are replaced.", false), ...RESULT },
  ["data"],
)

const foreach = stateOf(
  "Runs states for each item of a list; its result is the list of each item's own writes, in the order of the items.",
  constant("foreach", "Each item of a list."),
  {
    itemsPath: { description: "The path of the list, or the list itself.", anyOf: [ref("path"), { type: "array" }] },
    itemName: ref("variable", "The item's name. Default `item`."),
    indexName: ref("variable", "The index's name. Default `index`."),
    maxConcurrency: whole("Items at once.", 1, 1_000, 1),
    iterator: ref("block", "The states for each item."),
    while: ref("expression", "Asked before each item; when false no more items begin."),
    onItemFailure: choice("What a failing item does.", ["fail", "continue"], "fail"),
    toleratedFailureCount: whole("With `continue`: more failures than this fail the state.", 0),
    ...RESULT,
  },
  ["itemsPath", "iterator"],
)

const wait = stateOf(
  "Waits for a time, durably.",
  constant("wait", "Waits."),
  {
    seconds: {
      description: "How long: seconds, or a template.",
      anyOf: [
        { type: "number", minimum: 0, maximum: 3_155_760_000 },
        { type: "string", pattern: "\\{\\{" },
      ],
    },
    until: text("Until when: RFC 3339 with an offset, or a template."),
  },
  [],
)

const listen = stateOf(
  "Waits for a signal; one that came early counts.",
  constant("listen", "Waits for a signal."),
  {
    signal: ref("template", "The signal's name."),
    schema: ref("schema", "What its data must be."),
    correlate: {
      type: "object",
      description: "Paths into the signal's data, and what must stand there.",
      additionalProperties: true,
    },
    fanout: flag("Every open wait gets the signal; none is kept.", false),
    onTimeout: ref("onTimeout", "Where to go when none came in time. Absent: the run is TIMED_OUT."),
    ...RESULT,
  },
  ["signal"],
)

const emit = stateOf(
  "Sends a CloudEvent.",
  constant("emit", "Sends an event."),
  {
    event: closed(
      "The event.",
      {
        type: ref("template", "For example `com.example.order.shipped`."),
        source: ref("template"),
        subject: ref("template"),
        data: anything("Its data; templates are replaced."),
      },
      ["type"],
    ),
  },
  ["event"],
)

const run = stateOf(
  "Starts another workflow.",
  constant("run", "A child run."),
  {
    workflow: closed(
      "Which one, and with what.",
      {
        id: ref("template", "Its id."),
        version: {
          description: "A label, or a version number; absent: the newest.",
          anyOf: [{ type: "string" }, { type: "integer", minimum: 1 }],
        },
        input: anything("Its input; templates are replaced."),
      },
      ["id"],
    ),
    await: flag("Waits for its end; its output is the result.", true),
    onParentCancel: choice("What happens to it when this run is cancelled.", ["cancel", "abandon"], "cancel"),
    ...RESULT,
  },
  ["workflow"],
)

const tryState = stateOf(
  "Runs states; `catch` takes their errors, `finally` runs in any case.",
  constant("try", "States with a safety net."),
  { try: ref("block"), finally: ref("block", "Runs at the end whatever happened.") },
  ["try"],
)

const loop = stateOf(
  "Repeats states; `index` counts from 0.",
  constant("loop", "Repeats."),
  {
    do: ref("block", "The states of one round."),
    while: ref("expression", "Asked before each round."),
    until: ref("expression", "Asked after each round."),
    maxIterations: whole("The bound that holds whatever the condition says.", 1, 1_000_000),
    delaySeconds: seconds("The wait between two rounds.", { allowZero: true }),
    ...RESULT,
  },
  ["do", "maxIterations"],
)

const raise = stateOf(
  "Fails on purpose.",
  constant("raise", "Fails."),
  {
    error: closed(
      "The error.",
      { type: ref("template", "A short word that `catch` can name."), title: ref("template"), detail: ref("template") },
      ["type"],
    ),
  },
  ["error"],
)

export const STATES: Properties = {
  "operation.agent.run": agentRun,
  "operation.human.approval": humanApproval,
  switch: switchState,
  parallel,
  inject,
  foreach,
  wait,
  listen,
  emit,
  run,
  try: tryState,
  loop,
  raise,
}

export const STATE: JsonObject = {
  description: "A state. Its `type` says which fields it has.",
  type: "object",
  required: ["name", "type"],
  anyOf: Object.keys(STATES).map((name) => ref(`state.${name}`)),
}
