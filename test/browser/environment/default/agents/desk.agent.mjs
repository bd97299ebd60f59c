/**
 * The agent of the browser tests: gives back what it was handed, as late as it was told, or fails in the way it was told.
 * It touches nothing outside, so a hundred of its runs disturb nobody.
 */
export default {
  name: "desk",
  description: "Gives back what it was handed, late or not at all.",
  inputSchema: {
    type: "object",
    properties: {
      say: { description: "What comes back." },
      ms: { type: "number", minimum: 0, maximum: 60_000 },
      fail: { type: "string", description: "Fails with this message." },
      failures: { type: "integer", description: "Fails this many attempts, and succeeds then." },
    },
  },
  async run({ say = null, ms = 0, fail = "", failures = 0 }, { attempt, log, signal }) {
    log(`attempt ${attempt}`, { ms })
    if (ms > 0) await pause(ms, signal)
    if (fail !== "" && (failures === 0 || attempt <= failures)) {
      throw Object.assign(new Error(fail), { class: "external_api", code: "desk_closed" })
    }
    return { said: say, attempt }
  },
}

function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
