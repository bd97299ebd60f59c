/**
 * Definitions with one mistake each. `»` marks where the problem must be shown and is taken out before reading. Used by
 * the parser's tests and by the test that the published JSON Schema agrees.
 */
export interface BadDefinition {
  readonly title: string
  readonly text: string
  readonly code: string
  readonly severity: "error" | "warning" | "hint"
  /** Must stand in the hint. */
  readonly hint: string | null
}

const MARK = "»"

export function withoutMark(text: string): { text: string; line: number; column: number } {
  const before = text.slice(0, text.indexOf(MARK))
  const lines = before.split("\n")
  return { text: text.replace(MARK, ""), line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}

const bad = (
  title: string,
  code: string,
  hint: string | null,
  text: string,
  severity: BadDefinition["severity"] = "error",
): BadDefinition => ({
  title,
  text: text.replace(/^\n/, ""),
  code,
  severity,
  hint,
})

/** States below `id` and `states:`, written from the first column. */
const states = (
  title: string,
  code: string,
  hint: string | null,
  text: string,
  severity: BadDefinition["severity"] = "error",
) => bad(title, code, hint, `id: t\nstates:\n${text.replace(/^\n/, "")}`, severity)

const warn = (title: string, code: string, hint: string | null, text: string) =>
  states(title, code, hint, text, "warning")
const inform = (title: string, hint: string, text: string) => states(title, "alias_used", hint, text, "hint")

const END = "\n  end: true\n"
const agent = (more: string) => `- name: a\n  type: operation\n  action: agent.run\n${more}${END}`
const approval = (more: string) => `- name: a\n  type: operation\n  action: human.approval\n${more}${END}`

export const BAD_DEFINITIONS: readonly BadDefinition[] = [
  // The text
  bad("nothing but a comment", "empty_document", null, "»# nothing\n"),
  bad("a tab as indentation", "yaml_syntax", "Indent with spaces", "id: t\nstates:\n»\t- name: a\n"),
  bad("an open quote", "yaml_syntax", "closing quote", 'id: "t\n»'),
  bad("an open brace", "yaml_syntax", null, "id: t\nmetadata: {a: 1\n»states: []\n"),
  bad("a key that stands twice", "duplicate_key", "Keep one", "id: t\n»id: u\nstates: []\n"),
  bad(
    "a key that stands twice deep inside",
    "duplicate_key",
    "Keep one",
    "id: t\nmetadata:\n  a:\n    b: 1\n    »b: 2\n",
  ),
  bad("two documents", "multiple_documents", "One workflow a file", "id: t\nstates: []\n»---\nid: u\n"),
  bad("another version of YAML", "yaml_version", "Remove the %YAML line", "»%YAML 1.1\n---\nid: t\n"),
  bad(
    "a tag for a function",
    "tag_not_allowed",
    "Only the types of JSON",
    'id: t\nmetadata:\n  f: !!js/function »"() => 1"\n',
  ),
  bad("a tag for binary data", "tag_not_allowed", "Only the types of JSON", "id: t\nmetadata:\n  f: !!binary »aGk=\n"),
  bad("a tag of one's own", "tag_not_allowed", "Only the types of JSON", "id: t\nmetadata: !mine\n  »a: 1\n"),
  bad("an alias without an anchor", "unknown_anchor", "put in quotes", "id: t\nmetadata: »*nothing\n"),
  bad("an anchor that contains itself", "too_many_aliases", null, "id: t\nmetadata: &m\n  again: »*m\n"),
  bad("__proto__ as a key", "forbidden_key", null, "id: t\nmetadata:\n  »__proto__: {admin: true}\n"),
  bad(
    "an integer that a double cannot hold",
    "number_out_of_range",
    "text in quotes",
    "id: t\nmetadata:\n  n: »9007199254740993\n",
  ),
  bad(
    "a hexadecimal integer that a double cannot hold",
    "number_out_of_range",
    "text in quotes",
    "id: t\nmetadata: {n: »0xFFFFFFFFFFFFFFFF}\n",
  ),
  bad("infinity", "number_out_of_range", "text in quotes", "id: t\nmetadata: {n: ».inf}\n"),
  bad("not a number", "number_out_of_range", "text in quotes", "id: t\nmetadata: {n: ».nan}\n"),
  bad("half of a surrogate pair", "invalid_text", null, 'id: t\nmetadata: {s: »"\\ud800"}\n'),
  bad("NUL in a text", "invalid_text", null, 'id: t\nmetadata: {s: »"a\\0b"}\n'),
  bad("a template without quotes", "key_not_text", "in quotes", "id: t\nbusinessEventId: {»{ ctx.order }}\n"),
  bad("a broken JSON file", "json_syntax", null, '{"id": "t",»}'),
  bad("a JSON file with a key twice", "duplicate_key", "Keep one", '{"id": "t",\n »"id": "u"}'),
  bad("a list instead of a workflow", "wrong_type", null, "»- a\n- b\n"),

  // The workflow itself
  bad("no id", "missing_field", null, `»states:\n- name: a\n  type: wait\n  seconds: 1${END}`),
  bad("no states", "missing_field", null, "»id: t\n"),
  bad("an empty list of states", "invalid_value", null, "id: t\nstates: »[]\n"),
  bad("states as an object", "wrong_type", "- ", "id: t\nstates:\n  »a: {type: wait}\n"),
  bad("an id with spaces", "invalid_name", "incident-triage", "id: »incident triage\nstates: []\n"),
  bad("a version that is a number", "wrong_type", 'version: "1.0"', "id: t\nversion: »1.0\nstates: []\n"),
  bad("an unknown field", "unknown_field", "`timeoutSeconds`", "id: t\n»timeout: 5\nstates: []\n"),
  bad("a misspelt field", "unknown_field", "`description`", "id: t\n»descripton: x\nstates: []\n"),
  bad("a misspelt required field", "unknown_field", "`states`", "id: t\n»sates: []\n"),
  bad("a language of the future", "invalid_value", "1.0", 'id: t\ndsl: »"2.0"\nstates: []\n'),
  bad(
    "a start that does not exist",
    "unknown_target",
    "`first`",
    `id: t\nstart: »frist\nstates:\n- name: first\n  type: wait\n  seconds: 1${END}`,
  ),
  ...["budget", "toolPolicy", "repair", "schedule", "triggers", "dataPolicy", "searchAttributes", "onFailure"].map(
    (field) =>
      bad(
        `${field}, which a later release carries out`,
        "not_supported_yet",
        "Remove it",
        `id: t\n»${field}: {}\nstates: []\n`,
      ),
  ),
  bad("a tag that is a number", "wrong_type", '"7"', "id: t\ntags: [a, »7]\nstates: []\n"),
  bad("a limit of nothing", "invalid_value", null, 'id: t\nconcurrency: {key: "{{ x }}", limit: »0}\nstates: []\n'),
  bad(
    "a concurrency without a limit",
    "missing_field",
    "How many",
    'id: t\nconcurrency: »{key: "{{ x }}"}\nstates: []\n',
  ),
  bad(
    "an unknown conflict rule",
    "invalid_value",
    "`return`",
    "id: t\nidempotency: {key: k, onConflict: »retrun}\nstates: []\n",
  ),
  bad("a schema that is a list", "wrong_type", null, "id: t\ninputSchema: »[a]\nstates: []\n"),
  bad(
    "a schema name that does not exist",
    "unknown_schema",
    "`order`",
    "id: t\nuse: {schemas: {order: {type: object}}}\ninputSchema: »ordr\nstates: []\n",
  ),
  bad(
    "a reference to a shared schema that does not exist",
    "unknown_schema",
    "`order`",
    'id: t\nuse: {schemas: {order: {type: object}}}\ninputSchema: {properties: {o: {$ref: »"#/use/schemas/ordr"}}}\nstates: []\n',
  ),
  bad(
    "a keyword that is no keyword",
    "unknown_keyword",
    "`required`",
    "id: t\ninputSchema:\n  type: object\n  »requried: [a]\nstates: []\n",
    "warning",
  ),
  bad(
    "a default where none is filled in",
    "default_not_applied",
    "`properties`",
    "id: t\ninputSchema:\n  anyOf:\n  - properties:\n      a: {»default: 1}\nstates: []\n",
    "warning",
  ),
  bad(
    "an input field that hides a helper",
    "shadowed_name",
    null,
    "id: t\ninputSchema:\n  properties:\n    »run: {type: string}\nstates: []\n",
    "warning",
  ),

  // What all states have
  states("an unknown type", "unknown_type", "`switch`", "- name: a\n  type: »swich\n  end: true\n"),
  states(
    "a type of another language",
    "unknown_type",
    "Known types",
    "- name: a\n  type: »callFunction\n  end: true\n",
  ),
  states("no type", "missing_field", "operation", "- »name: a\n  end: true\n"),
  states("no name", "missing_field", null, "- »type: wait\n  seconds: 1\n  end: true\n"),
  states(
    "a name of the machinery",
    "invalid_name",
    null,
    "- name: »__proto__\n  type: wait\n  seconds: 1\n  end: true\n",
  ),
  states(
    "a name with a slash",
    "invalid_name",
    "check_pods",
    "- name: »a/b\n  type: wait\n  seconds: 1\n  end: true\n",
  ),
  states(
    "a name that is used twice",
    "duplicate_name",
    "/states/0",
    "- {name: a, type: wait, seconds: 1, next: a}\n- name: »a\n  type: wait\n  seconds: 1\n  end: true\n",
  ),
  states("a state that is text", "wrong_type", null, "- »go\n"),
  states(
    "a route to nowhere",
    "unknown_target",
    "`notify`",
    "- {name: a, type: wait, seconds: 1, next: »notfy}\n- {name: notify, type: wait, seconds: 1, end: true}\n",
  ),
  states("a route to the end", "unknown_target", "`end: true`", "- {name: a, type: wait, seconds: 1, next: »end}\n"),
  states(
    "a route out of its scope",
    "unknown_target",
    "stays inside",
    "- name: a\n  type: loop\n  maxIterations: 2\n  do:\n    states: [{name: b, type: wait, seconds: 1, next: »c}]\n  next: c\n- {name: c, type: wait, seconds: 1, end: true}\n",
  ),
  states(
    "a dead end",
    "dead_end",
    "end: true",
    "- »name: a\n  type: wait\n  seconds: 1\n- {name: b, type: wait, seconds: 1, next: a}\n",
  ),
  states(
    "next and end",
    "conflicting_fields",
    "Remove one",
    "- name: a\n  type: wait\n  seconds: 1\n  next: a\n  end: »true\n",
  ),
  states(
    "a state that nothing leads to",
    "unreachable_state",
    "next: b",
    "- {name: a, type: wait, seconds: 1, end: true}\n- »{name: b, type: wait, seconds: 1, end: true}\n",
  ),
  warn(
    "a circle without a way out",
    "endless_loop",
    "`switch`",
    "- »name: a\n  type: wait\n  seconds: 1\n  next: b\n- {name: b, type: wait, seconds: 1, next: a}\n",
  ),
  states(
    "a last state that does not say so",
    "missing_end",
    "end: true",
    "- »name: a\n  type: wait\n  seconds: 1\n",
    "hint",
  ),
  states(
    "a duration with a unit",
    "wrong_type",
    "300",
    "- name: a\n  type: wait\n  seconds: 1\n  timeoutSeconds: »5m\n  end: true\n",
  ),
  states(
    "a duration as ISO 8601 writes it",
    "wrong_type",
    "90",
    "- name: a\n  type: wait\n  seconds: »PT1M30S\n  end: true\n",
  ),
  states(
    "a timeout of nothing",
    "invalid_value",
    null,
    "- name: a\n  type: wait\n  seconds: 1\n  timeoutSeconds: »0\n  end: true\n",
  ),
  states(
    "a timeout of ten thousand years",
    "invalid_value",
    null,
    "- name: a\n  type: wait\n  seconds: 1\n  timeoutSeconds: »315576000000\n  end: true\n",
  ),
  states(
    "an empty field",
    "wrong_type",
    "Give it a value",
    "- name: a\n  type: wait\n  seconds: 1\n  description:»\n  end: true\n",
  ),
  states(
    "a catch without a route",
    "missing_field",
    null,
    agent("  input: {agent: x}\n  catch:\n  - »errors: [timeout]"),
  ),
  states(
    "a catch of a cancel",
    "invalid_value",
    "onCancel",
    agent("  input: {agent: x}\n  catch: [{errors: [»cancelled], next: a}]"),
  ),
  warn(
    "a catch behind one that takes everything",
    "no_effect",
    "last",
    agent("  input: {agent: x}\n  catch:\n  - next: a\n  - »errors: [timeout]\n    next: a"),
  ),
  warn(
    "a total shorter than one attempt",
    "no_effect",
    "larger",
    agent("  input: {agent: x}\n  timeoutSeconds: 10\n  totalTimeoutSeconds: »5"),
  ),
  inform("`id` for the name of a state", "`name`", "- »id: a\n  type: wait\n  seconds: 1\n  end: true\n"),
  inform(
    "`transition` for `next`",
    "`next`",
    "- {name: a, type: wait, seconds: 1, »transition: b}\n- {name: b, type: wait, seconds: 1, end: true}\n",
  ),
  inform(
    "`then` for `next`",
    "`next`",
    "- {name: a, type: wait, seconds: 1, »then: b}\n- {name: b, type: wait, seconds: 1, end: true}\n",
  ),
  inform("`when` for `if`", "`if`", '- {name: a, type: wait, seconds: 1, »when: "True", end: true}\n'),
  inform("`type: set` for inject", "inject", "- {name: a, type: »set, data: {x: 1}, end: true}\n"),
  inform("`type: agent` for an operation", "agent.run", "- {name: a, type: »agent, agent: checker, end: true}\n"),
  inform(
    "`type: human_approval` for an operation",
    "human.approval",
    "- {name: a, type: »human_approval, message: Go?, end: true}\n",
  ),

  // Expressions, paths and templates
  states(
    "an expression that does not parse",
    "invalid_expression",
    null,
    '- name: a\n  type: wait\n  if: "ctx.x > »"\n  seconds: 1\n  end: true\n',
  ),
  states(
    "an expression in braces",
    "invalid_expression",
    "without braces: ctx.x",
    '- name: a\n  type: wait\n  if: "»{{ ctx.x }}"\n  seconds: 1\n  end: true\n',
  ),
  states(
    "an expression that is a boolean",
    "wrong_type",
    '"True"',
    "- name: a\n  type: wait\n  if: »true\n  seconds: 1\n  end: true\n",
  ),
  states(
    "a path in braces",
    "invalid_path",
    "ctx.x",
    '- {name: a, type: switch, dataPath: "»{{ ctx.x }}", conditions: [{if: "True", next: b}], defaultNext: b}\n- {name: b, type: wait, seconds: 1, end: true}\n',
  ),
  states(
    "a path with a dollar",
    "invalid_path",
    "no `$`",
    '- {name: a, type: inject, data: 1, resultPath: "»$.x", end: true}\n',
  ),
  states(
    "a path through the machinery",
    "invalid_path",
    null,
    "- name: a\n  type: inject\n  data: 1\n  resultPath: ctx.»constructor.x\n  end: true\n",
  ),
  states(
    "a path with a bare index",
    "invalid_path",
    "[0]",
    "- name: a\n  type: inject\n  data: 1\n  resultPath: ctx.items.»0\n  end: true\n",
  ),
  states(
    "a path that would replace everything",
    "invalid_value",
    "merge",
    "- name: a\n  type: inject\n  data: {}\n  resultPath: »ctx\n  end: true\n",
  ),
  states("an open template", "invalid_template", "Close it", agent('  input: {agent: x, task: "Check »{{ ctx.a"}')),
  states("an empty template", "invalid_template", "\\{{", agent('  input: {agent: x, task: "»{{ }}"}')),
  states(
    "a template that calls",
    "invalid_template",
    "cannot call",
    agent('  input: {agent: x, task: "{{ upper»(ctx.a) }}"}'),
  ),
  states(
    "a template with a filter",
    "invalid_template",
    "no calls, filters",
    agent('  input: {agent: x, task: "{{ ctx.a »| upper }}"}'),
  ),
  states(
    "a template with a broken default",
    "invalid_template",
    "??",
    agent('  input: {agent: x, task: "{{ ctx.a ?? »b }}"}'),
  ),
  states(
    "a template as a key",
    "invalid_template",
    "resultSelector",
    agent('  input: {agent: x, variables: {"{{ k }}": »1}}'),
  ),
  states(
    "a template with a problem in the third line of a block",
    "invalid_template",
    null,
    agent("  input:\n    agent: x\n    task: |\n      one\n      two {{ ctx.a }}\n      three »{{ ctx.b"),
  ),

  // Operations
  states(
    "an unknown action",
    "unknown_type",
    "`agent.run`",
    "- name: a\n  type: operation\n  action: »agent.runn\n  input: {agent: x}\n  end: true\n",
  ),
  states(
    "an action written with an underscore",
    "unknown_type",
    "`human.approval`",
    "- name: a\n  type: operation\n  action: »human_approval\n  input: {message: x}\n  end: true\n",
  ),
  states(
    "an operation without an action",
    "missing_field",
    "agent.run",
    "- »name: a\n  type: operation\n  input: {agent: x}\n  end: true\n",
  ),
  states("an operation without an input", "missing_field", "agent", agent("").replace("- name", "- »name")),
  states("no agent", "missing_field", null, agent("  input: »{task: x}")),
  states(
    "an agent at the level of the state",
    "unknown_field",
    "under `input`",
    agent("  »agent: x\n  input: {agent: x}"),
  ),
  states(
    "a retry inside the input",
    "unknown_field",
    "belongs to the state",
    agent("  input: {agent: x, »retry: {maxAttempts: 2}}"),
  ),
  states(
    "a repair, which a later release carries out",
    "not_supported_yet",
    "Remove it",
    agent("  input: {agent: x, »repair: {maxAttempts: 2}}"),
  ),
  states(
    "an agent over A2A",
    "not_supported_yet",
    "environment",
    agent('  input: {agent: »"a2a:https://example.com/card"}'),
  ),
  states("variables that are a list", "wrong_type", null, agent("  input: {agent: x, variables: »[1]}")),
  states("no attempts", "invalid_value", null, agent("  input: {agent: x}\n  retry: {maxAttempts: »0}")),
  states(
    "a retry without attempts",
    "missing_field",
    "first attempt is counted",
    agent("  input: {agent: x}\n  retry: »{backoffSeconds: 5}"),
  ),
  states(
    "a misspelt retry field",
    "unknown_field",
    "`backoffSeconds`",
    agent("  input: {agent: x}\n  retry: {maxAttempts: 2, »backofSeconds: 5}"),
  ),
  states(
    "a retry policy that does not exist",
    "unknown_retry",
    "use.retries",
    agent("  input: {agent: x}\n  retry: »patient"),
  ),
  states(
    "a class both retried and not",
    "conflicting_fields",
    "one list",
    agent("  input: {agent: x}\n  retry: {maxAttempts: 2, retryable: [bug], nonRetryable: »[bug]}"),
  ),
  warn("one attempt as a retry", "no_effect", "write 2", agent("  input: {agent: x}\n  retry: {»maxAttempts: 1}")),
  warn(
    "a growing backoff of nothing",
    "no_effect",
    "backoffSeconds",
    agent("  input: {agent: x}\n  retry: {maxAttempts: 2, »backoff: exponential}"),
  ),
  warn(
    "a heartbeat longer than the attempt",
    "no_effect",
    "smaller",
    agent("  input: {agent: x}\n  timeoutSeconds: 5\n  heartbeatSeconds: »10"),
  ),
  states("an approval without a message", "missing_field", "asked", approval('  input: »{approvers: ["team:x"]}')),
  states(
    "an approver without a kind",
    "invalid_approver",
    "`team:alice`",
    approval("  input: {message: Go?, approvers: [»alice]}"),
  ),
  states(
    "a retry of an approval",
    "no_effect",
    "reminders",
    approval("  input: {message: Go?}\n  »retry: {maxAttempts: 2}"),
  ),
  states(
    "more approvals than approvers",
    "quorum_impossible",
    "lower the quorum",
    approval('  input: {message: Go?, approvers: ["user:a", "user:b"], quorum: {approve: »3}}'),
  ),
  states(
    "outcomes without reject",
    "missing_field",
    "`reject`",
    approval("  input: {message: Go?, outcomes: »[approve, revise]}"),
  ),
  states(
    "a rewind out of the scope",
    "unknown_target",
    null,
    approval("  input: {message: Go?, outcomes: [approve, reject, {name: again, rewindTo: »plan}]}"),
  ),
  states(
    "a rejection that completes",
    "invalid_value",
    null,
    approval("  input: {message: Go?, onReject: {status: »COMPLETED}}"),
  ),
  states(
    "a field of approvals at the level of the state",
    "unknown_field",
    "under `input`",
    approval('  input: {message: Go?}\n  »approvers: ["team:x"]'),
  ),
  warn(
    "what happens on a timeout that never comes",
    "no_effect",
    "timeoutSeconds",
    approval("  input: {message: Go?, »onTimeout: {next: a}}"),
  ),

  // Switch, inject, raise
  states(
    "a switch without conditions",
    "missing_field",
    "if, next",
    "- {name: b, type: wait, seconds: 1, next: a}\n- »name: a\n  type: switch\n  defaultNext: b\n",
  ),
  states(
    "a condition without a route",
    "missing_field",
    null,
    '- name: a\n  type: switch\n  conditions: [»{if: "True"}]\n  defaultNext: a\n',
  ),
  states(
    "next on a switch",
    "conflicting_fields",
    "defaultNext",
    '- name: a\n  type: switch\n  conditions: [{if: "True", next: b}]\n  »next: b\n- {name: b, type: wait, seconds: 1, end: true}\n',
  ),
  states(
    "`default` for `defaultNext`",
    "unknown_field",
    "`defaultNext`",
    '- name: a\n  type: switch\n  conditions: [{if: "True", next: b}]\n  »default: b\n- {name: b, type: wait, seconds: 1, end: true}\n',
  ),
  warn(
    "a switch without a default",
    "missing_default",
    "defaultNext",
    '- »name: a\n  type: switch\n  conditions: [{if: "True", next: b}]\n- {name: b, type: wait, seconds: 1, end: true}\n',
  ),
  states(
    "an error route to no default",
    "conflicting_fields",
    "defaultNext",
    '- name: a\n  type: switch\n  conditions: [{if: "True", next: b}]\n  onError: »default\n- {name: b, type: wait, seconds: 1, end: true}\n',
  ),
  states(
    "an inject without data",
    "missing_field",
    "value to write",
    "- »name: a\n  type: inject\n  resultPath: x\n  end: true\n",
  ),
  states(
    "a number merged into the context",
    "wrong_type",
    "resultPath",
    "- {name: a, type: inject, data: »7, end: true}\n",
  ),
  warn(
    "a template that is not rendered",
    "no_effect",
    "templated: true",
    '- {name: a, type: inject, data: »{x: "{{ ctx.y }}"}, resultPath: z, end: true}\n',
  ),
  warn(
    "a result over a helper",
    "shadowed_name",
    "steps",
    "- {name: a, type: inject, data: 1, resultPath: »run.x, end: true}\n",
  ),
  states("a raise without a type", "missing_field", "`catch`", "- name: a\n  type: raise\n  error: »{title: No}\n"),

  // Nested states
  states("no branches", "invalid_value", null, "- {name: a, type: parallel, branches: »[], end: true}\n"),
  states(
    "two branches of one name",
    "duplicate_name",
    "another",
    "- name: a\n  type: parallel\n  branches:\n  - {name: p, states: [{name: x, type: wait, seconds: 1}]}\n  - {name: »p, states: [{name: x, type: wait, seconds: 1}]}\n  end: true\n",
  ),
  states(
    "a quorum of too many",
    "quorum_impossible",
    null,
    "- name: a\n  type: parallel\n  join: {mode: quorum, count: »2}\n  branches: [{name: p, states: [{name: x, type: wait, seconds: 1}]}]\n  end: true\n",
  ),
  states(
    "a quorum without a count",
    "missing_field",
    "succeed",
    "- name: a\n  type: parallel\n  join: »{mode: quorum}\n  branches: [{name: p, states: [{name: x, type: wait, seconds: 1}]}]\n  end: true\n",
  ),
  states(
    "a misspelt join",
    "invalid_value",
    "`settled`",
    "- name: a\n  type: parallel\n  join: {mode: »setled}\n  branches: [{name: p, states: [{name: x, type: wait, seconds: 1}]}]\n  end: true\n",
  ),
  states(
    "no items",
    "missing_field",
    "ctx.services",
    "- »name: a\n  type: foreach\n  iterator: {states: [{name: x, type: wait, seconds: 1}]}\n  end: true\n",
  ),
  states(
    "too much at once",
    "invalid_value",
    null,
    "- name: a\n  type: foreach\n  itemsPath: ctx.x\n  maxConcurrency: »5000\n  iterator: {states: [{name: x, type: wait, seconds: 1}]}\n  end: true\n",
  ),
  states(
    "an item name that expressions cannot use",
    "invalid_name",
    null,
    "- name: a\n  type: foreach\n  itemsPath: ctx.x\n  itemName: »my item\n  iterator: {states: [{name: x, type: wait, seconds: 1}]}\n  end: true\n",
  ),
  states(
    "an item name that means something else",
    "invalid_name",
    "`item`",
    "- name: a\n  type: foreach\n  itemsPath: ctx.x\n  itemName: »ctx\n  iterator: {states: [{name: x, type: wait, seconds: 1}]}\n  end: true\n",
  ),
  states(
    "states directly in an iterator",
    "wrong_type",
    "`states:`",
    "- name: a\n  type: foreach\n  itemsPath: ctx.x\n  iterator: »[{name: x, type: wait, seconds: 1}]\n  end: true\n",
  ),
  states(
    "failures tolerated but not continued",
    "conflicting_fields",
    "continue",
    "- name: a\n  type: foreach\n  itemsPath: ctx.x\n  »toleratedFailureCount: 2\n  iterator: {states: [{name: x, type: wait, seconds: 1}]}\n  end: true\n",
  ),
  warn(
    "an item name inside another",
    "shadowed_name",
    "itemName",
    "- name: a\n  type: foreach\n  itemsPath: [[1]]\n  iterator:\n    states:\n    - »name: b\n      type: foreach\n      itemsPath: item\n      iterator: {states: [{name: x, type: wait, seconds: 1}]}\n  end: true\n",
  ),
  states(
    "a loop without a bound",
    "missing_field",
    "bound",
    "- »name: a\n  type: loop\n  do: {states: [{name: x, type: wait, seconds: 1}]}\n  end: true\n",
  ),
  states(
    "while and until",
    "conflicting_fields",
    "one expression",
    '- name: a\n  type: loop\n  maxIterations: 2\n  while: "True"\n  until: »"False"\n  do: {states: [{name: x, type: wait, seconds: 1}]}\n  end: true\n',
  ),
  warn(
    "a try that tries nothing",
    "no_effect",
    "`finally`",
    "- »name: a\n  type: try\n  try: {states: [{name: x, type: wait, seconds: 1}]}\n  end: true\n",
  ),
  states(
    "a retry of a group",
    "unknown_field",
    "`try`",
    "- name: a\n  type: loop\n  maxIterations: 2\n  »retry: {maxAttempts: 2}\n  do: {states: [{name: x, type: wait, seconds: 1}]}\n  end: true\n",
  ),

  // Waiting states
  states("a wait for nothing", "missing_field", "until", "- »name: a\n  type: wait\n  end: true\n"),
  states(
    "a wait for two things",
    "conflicting_fields",
    "Remove one",
    '- {name: a, type: wait, seconds: 1, until: »"2030-01-01T00:00:00Z", end: true}\n',
  ),
  states(
    "a day that does not exist",
    "invalid_value",
    "2030-01-31",
    '- {name: a, type: wait, until: »"2030-02-30T00:00:00Z", end: true}\n',
  ),
  states(
    "a time without an offset",
    "invalid_value",
    "offset",
    '- {name: a, type: wait, until: »"2030-01-01T00:00:00", end: true}\n',
  ),
  states("a listen without a signal", "missing_field", "name", "- »name: a\n  type: listen\n  end: true\n"),
  states(
    "a correlation that is no path",
    "invalid_path",
    null,
    '- {name: a, type: listen, signal: go, correlate: {»"a b": 1}, end: true}\n',
  ),
  warn(
    "one signal with two schemas",
    "signal_schema_conflict",
    "use.schemas",
    "- {name: a, type: listen, signal: go, schema: {type: object}, next: b}\n- name: b\n  type: listen\n  signal: go\n  schema: »{type: array}\n  end: true\n",
  ),
  states(
    "an event without a type",
    "missing_field",
    "com.example",
    "- {name: a, type: emit, event: »{data: 1}, end: true}\n",
  ),
  states(
    "a child without an id",
    "missing_field",
    "workflow to run",
    "- {name: a, type: run, workflow: »{input: {}}, end: true}\n",
  ),
  states(
    "a result of a state that has none",
    "unknown_field",
    "no result",
    "- {name: a, type: wait, seconds: 1, »resultPath: x, end: true}\n",
  ),
  states(
    "a yes that is not true",
    "wrong_type",
    "true without quotes",
    "- {name: a, type: run, workflow: {id: x}, await: »yes, end: true}\n",
  ),

  // What is read
  warn(
    "a secret that was pasted in",
    "secret_in_definition",
    "environment",
    `- {name: a, type: inject, data: {key: »"gh${"p_"}${"a1B2".repeat(9)}"}, end: true}\n`,
  ),
  warn(
    "a step that nothing writes",
    "never_written",
    "`steps.check`",
    '- {name: a, type: inject, data: 1, resultPath: steps.check, next: b}\n- name: b\n  type: operation\n  action: agent.run\n  input: {agent: x, task: "Look at »{{ steps.chek }}"}\n  end: true\n',
  ),
  warn(
    "a step that is only written later",
    "never_written",
    "Nothing is written",
    '- name: a\n  type: operation\n  action: agent.run\n  input: {agent: x, task: "»{{ steps.later }}"}\n  next: b\n- {name: b, type: inject, data: 1, resultPath: steps.later, end: true}\n',
  ),
  warn(
    "a field that the written value does not have",
    "never_written",
    null,
    '- {name: a, type: inject, data: {max: 1}, resultPath: steps.limits, next: b}\n- name: b\n  type: operation\n  action: agent.run\n  input: {agent: x, task: "»{{ steps.limits.min }}"}\n  end: true\n',
  ),
  warn(
    "what another branch writes",
    "never_written",
    null,
    '- name: a\n  type: parallel\n  branches:\n  - {name: p, states: [{name: x, type: inject, data: 1, resultPath: steps.mine}]}\n  - name: q\n    states:\n    - name: y\n      type: operation\n      action: agent.run\n      input: {agent: x, task: "»{{ steps.mine }}"}\n  end: true\n',
  ),
  bad(
    "a name that the closed input does not have",
    "unknown_name",
    "`error_rate`",
    'id: t\ninputSchema: {type: object, properties: {error_rate: {type: number}}, additionalProperties: false}\nstates:\n- name: a\n  type: wait\n  if: "»eror_rate > 1"\n  seconds: 1\n  end: true\n',
  ),
  bad(
    "a name that the input does not declare",
    "unknown_name",
    "`error_rate`",
    'id: t\ninputSchema: {type: object, properties: {error_rate: {type: number}}}\nstates:\n- name: a\n  type: wait\n  if: "1 < »eror_rate"\n  seconds: 1\n  end: true\n',
    "warning",
  ),
  bad(
    "an input that is not declared",
    "never_written",
    "`ctx.namespace`",
    'id: t\ninputSchema: {type: object, properties: {namespace: {type: string}}}\nstates:\n- name: a\n  type: operation\n  action: agent.run\n  input: {agent: x, task: "Check »{{ ctx.namspace }}"}\n  end: true\n',
    "warning",
  ),
]
