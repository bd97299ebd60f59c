/**
 * What customers call: passes `POST /checkout` to the pods in turn and counts what they answered. Like many load
 * balancers it looks only whether a pod can be reached, which is why a failing pod's errors get through to customers.
 */
import { Agent, request as httpRequest } from "node:http"
import { HttpError, readJson, serve } from "./http.mjs"

const OUTCOMES_MAX = 20_000

/** @param {() => string[]} podUrls the pods that can be reached now */
export async function openFront(podUrls) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const outcomes = []
  let turn = 0
  let total = 0

  async function pass(body) {
    const urls = podUrls()
    for (let tries = 0; tries < urls.length; tries++) {
      turn += 1
      const answer = await post(agent, `${urls[turn % urls.length]}/checkout`, body).catch(() => undefined)
      if (answer) return answer
    }
    return { status: 502, body: { error: "no pod can be reached" } }
  }

  const server = await serve(0, async (request, url) => {
    if (request.method !== "POST" || url.pathname !== "/checkout") throw new HttpError(404, "POST /checkout")
    const answer = await pass(await readJson(request))
    total += 1
    outcomes.push({ at: Date.now(), failed: answer.status >= 500 })
    if (outcomes.length > OUTCOMES_MAX) outcomes.splice(0, OUTCOMES_MAX / 2)
    return answer
  })

  return {
    url: server.url,
    total: () => total,
    /** What customers saw since a moment (milliseconds since the epoch). */
    measure(since) {
      const seen = outcomes.filter((outcome) => outcome.at >= since)
      const errors = seen.filter((outcome) => outcome.failed).length
      return { requests: seen.length, errors, errorRate: seen.length === 0 ? 0 : errors / seen.length }
    },
    close: async () => {
      agent.destroy()
      await server.close()
    },
  }
}

/** One JSON POST over kept connections; rejects when there is no answer within two seconds. */
export function post(agent, url, body) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body)
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) }
    const request = httpRequest(url, { method: "POST", agent, headers, timeout: 2_000 }, (response) => {
      const chunks = []
      response.on("data", (chunk) => chunks.push(chunk))
      response.on("error", reject)
      response.on("end", () => {
        try {
          resolve({ status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString("utf8")) })
        } catch (error) {
          reject(error)
        }
      })
    })
    request.on("timeout", () => request.destroy(new Error("no answer in two seconds")))
    request.on("error", reject)
    request.end(text)
  })
}
