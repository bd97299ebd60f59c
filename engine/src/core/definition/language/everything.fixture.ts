/** A definition that uses every field of the language once, for tests that compare what knows them. */
export const EVERYTHING = `
$schema: ./waybill.schema.json
dsl: "1.0"
id: everything
version: "2.1"
name: Everything
description: Every field once
x-own: {anything: true}
metadata: {owner: somebody}
tags: [demo]
timeoutSeconds: 3600
businessEventId: "{{ ctx.orderId }}"
idempotency: {key: "{{ ctx.orderId }}", ttlSeconds: 60, onConflict: reject}
concurrency: {key: all, limit: 2, onLimit: queue}
effectiveness: {firstPassSuccess: "ok", accuracy: "score", throughputDelta: "1.0"}
use:
  retries:
    patient:
      maxAttempts: 5
      backoffSeconds: 1
      backoff: exponential
      backoffRate: 3
      maxDelaySeconds: 60
      jitter: full
      maxElapsedSeconds: 900
      retryable: [transient]
      nonRetryable: [bug]
      onExhausted: pause
  schemas:
    order: {type: object, properties: {id: {type: string}}}
inputSchema: {type: object, properties: {orderId: {type: string}, lines: {type: array}}}
output: {schema: order, as: {id: "{{ ctx.orderId }}"}}
start: set
states:
  - name: set
    type: inject
    description: Static data
    metadata: {a: 1}
    if: "True"
    timeoutSeconds: 5
    totalTimeoutSeconds: 10
    data: {limit: 3, at: "{{ ctx.orderId }}"}
    templated: true
    resultPath: steps.set
    resultMode: replace
    resultSelector: "result"
    onCancel: {start: tidy, states: [{name: tidy, type: inject, data: {tidy: true}, end: true}]}
    catch:
      - {errors: [timeout], if: "error.attempt > 1", as: error, resultPath: steps.set.error, next: check}
    next: check
  - name: check
    type: operation
    action: agent.run
    input:
      agent: checker
      task: "Check {{ ctx.orderId }}"
      variables: {id: "{{ ctx.orderId }}"}
      timeoutSeconds: 30
    retry: patient
    heartbeatSeconds: 5
    outputSchema: {type: object}
    validation: {if: "result.ok", score: "result.score", reasons: "[]"}
    resultPath: steps.check
    next: again
  - name: again
    type: operation
    action: agent.run
    input: {agent: checker, outputSchema: order}
    retry: {maxAttempts: 2}
    next: ask
  - name: ask
    type: operation
    action: human.approval
    timeoutSeconds: 600
    input:
      message: "Ship {{ ctx.orderId }}?"
      summaryPath: steps.check
      approvers: ["team:shipping", "user:alice"]
      timeoutSeconds: 600
      quorum: {approve: 2, reject: 1}
      separationOfDuties: {excludeInitiator: true, distinct: true}
      bindTo: content
      outcomes: [approve, {name: revise, requireComment: true, rewindTo: check, maxTimes: 3}, reject]
      form: {schema: {type: object}}
      sla: {dueSeconds: 300, warnSeconds: 200}
      reminders: [{everySeconds: 60, max: 3}]
      escalation: [{afterSeconds: 300, to: ["team:leads"]}]
      delegation: {allowed: true}
      onTimeout: {next: give_up}
      onReject: {status: FAILED, next: give_up}
    resultPath: steps.gate
    next: route
  - name: route
    type: switch
    dataPath: steps.check
    conditions: [{if: "result.ok", next: both, name: fine}]
    defaultNext: both
    onError: default
  - name: both
    type: parallel
    branches:
      - {name: left, start: l, states: [{name: l, type: wait, seconds: 1, end: true}]}
      - {name: right, states: [{name: r, type: wait, until: "2030-01-01T00:00:00Z"}]}
    join: {mode: all, cancelRemaining: true, onBranchFailure: wait}
    maxConcurrency: 2
    resultPath: steps.both
    next: some
  - name: some
    type: parallel
    branches: [{name: only, states: [{name: o, type: wait, seconds: "{{ ctx.lines[0] }}"}]}]
    join: {mode: quorum, count: 1}
    next: each
  - name: each
    type: foreach
    itemsPath: ctx.lines
    itemName: line
    indexName: number
    maxConcurrency: 4
    iterator: {start: i, states: [{name: i, type: emit, event: {type: line.seen, source: here, subject: "{{ number }}", data: {line: "{{ line }}"}}}]}
    while: "number < 100"
    onItemFailure: continue
    toleratedFailureCount: 2
    resultPath: steps.lines
    next: hear
  - name: hear
    type: listen
    signal: shipped
    schema: order
    correlate: {id: "{{ ctx.orderId }}"}
    fanout: false
    timeoutSeconds: 60
    onTimeout: {next: child}
    resultPath: steps.shipped
    next: child
  - name: child
    type: run
    workflow: {id: invoice, version: 3, input: {order: "{{ ctx.orderId }}"}}
    await: true
    onParentCancel: cancel
    resultPath: steps.invoice
    next: refine
  - name: refine
    type: loop
    do: {start: w, states: [{name: w, type: wait, seconds: 1}]}
    while: "index < 2"
    maxIterations: 3
    delaySeconds: 1
    resultPath: steps.refined
    next: until_good
  - name: until_good
    type: loop
    do: {states: [{name: w, type: wait, seconds: 1}]}
    until: "index > 1"
    maxIterations: 3
    next: careful
  - name: careful
    type: try
    try: {states: [{name: t, type: wait, seconds: 1}]}
    catch: [{next: give_up}]
    finally: {states: [{name: f, type: wait, seconds: 1}]}
    end: true
  - name: give_up
    type: raise
    error: {type: gave_up, title: Gave up, detail: "On {{ ctx.orderId }}"}
`
