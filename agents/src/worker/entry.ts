/**
 * The start of an agent host: a worker thread, or a child process with `isolation: "process"`. It is bundled alone, as
 * `agent-host.js`, and holds nothing of the engine but the JSON reader. It never touches the store, the network or the
 * configuration; all it knows came through its channel.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads"
import { decodeFrame, type FrameChannel, type HostSettings, type ToHost } from "../protocol.ts"
import { contain } from "./containment.ts"
import type { LoadedAgent } from "./contract.ts"
import { createHeartbeats } from "./heartbeats.ts"
import { loadAgents } from "./load-agents.ts"
import { createOutbox } from "./outbox.ts"
import { createTaskRunner } from "./task-runner.ts"

function serve(channel: FrameChannel, settings: HostSettings): void {
  let agents: ReadonlyMap<string, LoadedAgent> = new Map()
  const outbox = createOutbox(channel)
  const heartbeats = createHeartbeats((keys) => outbox.send({ kind: "beats", keys }))
  const runner = createTaskRunner(() => agents, outbox, heartbeats, settings)
  contain({
    onExit: runner.exitCalled,
    onUncaught: runner.uncaught,
    onPrint: (level, message) => outbox.log({ kind: "log", key: runner.currentKey(), level, message }),
  })

  async function load(folder: Extract<ToHost, { kind: "load" }>): Promise<void> {
    const loaded = await loadAgents(folder, async (file) => {
      outbox.send({ kind: "loading", file })
      outbox.flush()
      // A turn of the loop, so that a pipe takes the frame before the file's code blocks the thread.
      await new Promise((resolve) => setImmediate(resolve))
    })
    agents = loaded.agents
    outbox.send({ kind: "loaded", ...loaded.set })
  }

  channel.onFrame((frame) => {
    for (const message of decodeFrame<ToHost>(frame)) {
      switch (message.kind) {
        case "load":
          void load(message)
          break
        case "run":
          runner.run(message.task)
          break
        case "abort":
          runner.abort(message.key, message.cause, message.reason)
          break
      }
    }
  })
}

/** The settings of a child process come in this argument; a thread gets them as its data. */
const settingsArgument = "--waybill-agent-host="

function serveProcess(send: (frame: string) => void, settings: HostSettings): void {
  const parent = process.ppid
  const exit = process.exit.bind(process)
  process.on("disconnect", () => exit(0))
  // A busy loop never hears that its server was killed. This thread looks, and ends the process.
  const watch = `const { ppid, kill, pid } = process; setInterval(() => { if (process.ppid !== ${parent}) process.kill(process.pid, "SIGKILL") }, 1000)`
  new Worker(watch, { eval: true }).unref()
  serve({ post: send, onFrame: (listener) => process.on("message", (frame) => listener(String(frame))) }, settings)
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  serve(
    { post: (frame) => port.postMessage(frame), onFrame: (listener) => port.on("message", listener) },
    workerData as HostSettings,
  )
} else if (process.send !== undefined) {
  const argument = process.argv.find((one) => one.startsWith(settingsArgument)) ?? ""
  serveProcess((frame) => process.send?.(frame), JSON.parse(argument.slice(settingsArgument.length)) as HostSettings)
}
