/** The verbs over runs, bound to one runtime: what the engine's door offers as `runs`. */
import type { RunState } from "../../core/run/state.ts"
import type { RunCommands } from "../../door.ts"
import type { ChildPrepared, ChildRequest } from "../../runtime/messages.ts"
import type { Runtime } from "../../runtime/runtime.ts"
import { cancelRun } from "./cancel-run.ts"
import { checkRunInput } from "./check-input.ts"
import { decideApproval } from "./decide-approval.ts"
import { delegateApproval } from "./delegate-approval.ts"
import { Idempotency } from "./idempotency.ts"
import { pauseRun } from "./pause-run.ts"
import type { RunUseCasePorts } from "./ports.ts"
import { planRerun, rerunRun } from "./rerun-run.ts"
import { resumeRun } from "./resume-run.ts"
import { retryNow } from "./retry-now.ts"
import { sendSignal } from "./send-signal.ts"
import { settledRun } from "./settled-run.ts"
import { prepareChild } from "./start-child.ts"
import { startRun } from "./start-run.ts"

export interface RunUseCaseOptions extends Omit<RunUseCasePorts, "idempotency"> {
  /** How long an `Idempotency-Key` is remembered (rule 24: 24 h, at least one). */
  readonly idempotencyKeepMs: number
}

export interface RunUseCases {
  readonly runs: RunCommands
  prepareChild(runtime: Runtime, parent: RunState, request: ChildRequest): Promise<ChildPrepared>
}

export function runCommands(options: RunUseCaseOptions): RunUseCases {
  const { clock, store } = options.runtime.ports
  const head = (): number => options.runtime.feed.head()
  const ports: RunUseCasePorts = {
    ...options,
    idempotency: new Idempotency({ clock, store, head }, options.idempotencyKeepMs),
  }
  return {
    runs: {
      start: startRun(ports),
      checkInput: checkRunInput(ports),
      settled: settledRun(ports),
      pause: pauseRun(ports),
      resume: resumeRun(ports),
      cancel: cancelRun(ports),
      signal: sendSignal(ports),
      retryNow: retryNow(ports),
      planRerun: planRerun(ports),
      rerun: rerunRun(ports),
      decideApproval: decideApproval(ports),
      delegateApproval: delegateApproval(ports),
    },
    prepareChild: (_runtime, parent, request) => prepareChild(ports, parent, request),
  }
}
