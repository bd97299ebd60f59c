/** What the filter offers; docs/reference/events.md has them all with their meaning. */
export const eventTypes: readonly string[] = [
  ...["run.created", "run.queued", "run.started", "run.paused", "run.resumed", "run.cancel_requested"],
  ...["run.repaired", "run.completed", "run.failed", "run.cancelled", "run.timed_out"],
  ...["state.entered", "state.exited", "scope.opened", "scope.unwinding", "context.written", "loop.iterated"],
  ...["branch.started", "branch.completed", "item.started", "item.completed", "block.started", "block.completed"],
  ...["step.scheduled", "step.started", "step.succeeded", "step.failed", "step.timed_out", "step.cancelled"],
  ...[
    "step.skipped",
    "step.retry_scheduled",
    "step.lost",
    "step.redelivered",
    "step.agent_missing",
    "step.agent_found",
  ],
  ...["timer.set", "timer.fired", "timer.cancelled"],
  ...["approval.requested", "approval.voted", "approval.delegated", "approval.reminded", "approval.warned"],
  ...["approval.escalated", "approval.approved", "approval.rejected", "approval.revised", "approval.timed_out"],
  ...["approval.cancelled", "approval.superseded"],
  ...["wait.opened", "wait.closed", "signal.received", "signal.consumed", "signal.dropped"],
  ...["child.started", "child.finished", "event.emitted"],
]
