/** Every command, in the order of the help. */
import type { Command } from "commander"
import type { Run } from "../perform.ts"
import { agentsList } from "./agents-list.ts"
import { agentsShow } from "./agents-show.ts"
import { alertsAdd, alertsDeliveries, alertsList, alertsRemove, alertsTest } from "./alerts.ts"
import { approvalsApprove } from "./approvals-approve.ts"
import { approvalsDelegate } from "./approvals-delegate.ts"
import { approvalsList } from "./approvals-list.ts"
import { approvalsReject } from "./approvals-reject.ts"
import { approvalsRevise } from "./approvals-revise.ts"
import { approvalsShow } from "./approvals-show.ts"
import { auditExport, auditList } from "./audit.ts"
import { backfillCommand } from "./backfill.ts"
import { backupCommand } from "./backup.ts"
import { completionCommand } from "./completion.ts"
import { devCommand } from "./dev.ts"
import { doctorCommand } from "./doctor.ts"
import { exprCommand } from "./expr.ts"
import { fsckCommand } from "./fsck.ts"
import { issuesIgnore, issuesList, issuesResolve, issuesShow } from "./issues.ts"
import { keysCreate, keysList, keysRevoke } from "./keys.ts"
import { membersAdd, membersChange, membersList, membersRemove } from "./members.ts"
import { rebuildCommand } from "./rebuild.ts"
import { redactionPut, redactionReveal, redactionShow, redactionTry, redactionVersions } from "./redaction.ts"
import { resumeAllCommand } from "./resume-all.ts"
import {
  retentionArchived,
  retentionErase,
  retentionPreview,
  retentionPurge,
  retentionPut,
  retentionShow,
} from "./retention.ts"
import { runCommand } from "./run.ts"
import { runsAnnotate } from "./runs-annotate.ts"
import { runsAssign } from "./runs-assign.ts"
import { runsAttach, runsAttachments } from "./runs-attachments.ts"
import { runsCancel } from "./runs-cancel.ts"
import { runsContext } from "./runs-context.ts"
import { runsEvents } from "./runs-events.ts"
import { runsExport } from "./runs-export.ts"
import { runsList } from "./runs-list.ts"
import { runsLogs } from "./runs-logs.ts"
import { runsPause } from "./runs-pause.ts"
import { runsRerun } from "./runs-rerun.ts"
import { runsResolve } from "./runs-resolve.ts"
import { runsResume } from "./runs-resume.ts"
import { runsRetry } from "./runs-retry.ts"
import { runsShow } from "./runs-show.ts"
import { runsSignal } from "./runs-signal.ts"
import { runsSteps } from "./runs-steps.ts"
import { runsTag } from "./runs-tag.ts"
import { runsWatch } from "./runs-watch.ts"
import { runsWhy } from "./runs-why.ts"
import { searchCommand } from "./search.ts"
import { seedCommand } from "./seed.ts"
import { serveCommand } from "./serve.ts"
import { syncCommand } from "./sync.ts"
import { validateCommand } from "./validate.ts"
import { verifyCommand } from "./verify.ts"
import { workflowsDiff } from "./workflows-diff.ts"
import { workflowsDisable } from "./workflows-disable.ts"
import { workflowsEnable } from "./workflows-enable.ts"
import { workflowsList } from "./workflows-list.ts"
import { workflowsRollback } from "./workflows-rollback.ts"
import { workflowsShow } from "./workflows-show.ts"
import { workflowsVersions } from "./workflows-versions.ts"
import { teamsList, teamsPut, teamsRemove, workspacesCreate, workspacesList } from "./workspaces.ts"

type Register = (parent: Command, run: Run) => void

const runs: readonly Register[] = [
  runsList,
  runsShow,
  runsWhy,
  runsWatch,
  runsSteps,
  runsEvents,
  runsLogs,
  runsContext,
  runsExport,
  runsCancel,
  runsPause,
  runsResume,
  runsSignal,
  runsRetry,
  runsRerun,
  runsAnnotate,
  runsAttach,
  runsAttachments,
  runsTag,
  runsAssign,
  runsResolve,
]
const approvals: readonly Register[] = [
  approvalsList,
  approvalsShow,
  approvalsApprove,
  approvalsReject,
  approvalsRevise,
  approvalsDelegate,
]
const workflows: readonly Register[] = [
  workflowsList,
  workflowsShow,
  workflowsVersions,
  workflowsDiff,
  workflowsRollback,
  workflowsDisable,
  workflowsEnable,
]
const agents: readonly Register[] = [agentsList, agentsShow]

export function registerCommands(program: Command, run: Run): void {
  const alone = (...commands: readonly Register[]) => {
    for (const register of commands) register(program, run)
  }
  const group = (name: string, about: string, commands: readonly Register[]) => {
    const parent = program.command(name).description(about)
    for (const register of commands) register(parent, run)
  }
  program.commandsGroup("Start:")
  alone(serveCommand, devCommand, validateCommand, syncCommand, seedCommand)
  program.commandsGroup("Work:")
  alone(runCommand, backfillCommand)
  group("runs", "Look at runs and steer them.", runs)
  group("approvals", "What waits for a person.", approvals)
  group("workflows", "Workflows and their versions.", workflows)
  group("agents", "Agents and their contracts.", agents)
  alone(searchCommand, exprCommand)
  program.commandsGroup("Who may:")
  group("members", "Who belongs to a workspace.", [membersAdd, membersList, membersChange, membersRemove])
  group("issues", "Failures that are alike.", [issuesList, issuesShow, issuesResolve, issuesIgnore])
  group("alerts", "Which people are told, and of what.", [
    alertsList,
    alertsAdd,
    alertsRemove,
    alertsTest,
    alertsDeliveries,
  ])
  group("redaction", "What may not be kept.", [
    redactionShow,
    redactionTry,
    redactionPut,
    redactionVersions,
    redactionReveal,
  ])
  group("retention", "How long what is kept.", [
    retentionShow,
    retentionPreview,
    retentionPut,
    retentionPurge,
    retentionErase,
    retentionArchived,
  ])
  group("keys", "Keys for programs.", [keysCreate, keysList, keysRevoke])
  group("teams", "Teams that approvals name.", [teamsPut, teamsList, teamsRemove])
  group("workspaces", "Workspaces of this server.", [workspacesCreate, workspacesList])
  group("audit", "Who did what.", [auditList, auditExport])
  program.commandsGroup("Look after it:")
  alone(doctorCommand, verifyCommand, fsckCommand, rebuildCommand, backupCommand, resumeAllCommand, completionCommand)
}
