/** A signal for a run (rule 22). Its id is unique per run and name: the second answer is the first's. */
import type { RunCommands } from "../../door.ts"
import { redactedText } from "../../ports/redaction.ts"
import { commandAs } from "./command-run.ts"
import { signalProblem } from "./held-as-it-came.ts"
import { placeOfRun } from "./place-of-run.ts"
import type { RunUseCasePorts } from "./ports.ts"

export const sendSignal =
  (ports: RunUseCasePorts): RunCommands["signal"] =>
  async (actor, runId, signal, header) => {
    const { redaction, chance } = ports.runtime.ports
    const place = await placeOfRun(ports, runId)
    const named = (text: string) =>
      place === null ? text : redactedText(redaction, { ...place, kind: "identifier" }, text)
    const signalId = signal.id === null || signal.id === undefined ? chance.id("sig") : named(signal.id)
    const data = place === null ? signal.data : redaction.redact({ ...place, kind: "signal" }, signal.data)
    if (data !== signal.data) {
      const rejection = await signalProblem(ports, runId, signal.name, signal.data)
      if (rejection !== null) return { ok: false, rejection }
    }
    const command = { kind: "send-signal", name: named(signal.name), id: signalId, data } as const
    const form = {
      encode: () => JSON.stringify({ signalId }),
      decode: (text: string) => ({ signalId: (JSON.parse(text) as { signalId: string }).signalId, replayed: true }),
    }
    const answer = await commandAs(ports, actor, runId, command, header, form, () => ({ signalId, replayed: false }))
    if (answer.ok || !(await wasTaken(ports, runId, command.name, signalId, answer.rejection.code))) return answer
    return { ok: true, value: { signalId, replayed: true }, position: ports.runtime.feed.head() }
  }

/** Its id is the run's for as long as there is the run: the second answer is the first's, after its end as before. */
async function wasTaken(
  ports: RunUseCasePorts,
  runId: string,
  name: string,
  id: string,
  refused: string,
): Promise<boolean> {
  if (refused === "signal_replayed") return true
  if (refused !== "run_finished" && refused !== "run_cancelling") return false
  return ports.runtime.inspect(runId, (state) => state?.signalIds.has(`${name}\u0000${id}`) ?? false)
}
