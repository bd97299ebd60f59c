/**
 * The rate feed: exchange rates as a provider sends them, as text, each message consumed by one pod in turn. One message
 * of its life is malformed (a decimal comma). It is consumed once, so a pod that is started again stays well.
 */
const EVERY_ORDERS = 15
const GOOD = [
  { currency: "USD", rate: "0.9214" },
  { currency: "GBP", rate: "1.1702" },
  { currency: "USD", rate: "0.9187" },
]
const MALFORMED = { currency: "USD", rate: "0,9231" }

/** @param {() => string[]} podUrls @param {number} malformedAfter the order after which the malformed message comes */
export function createRateFeed(podUrls, malformedAfter, log) {
  let published = 0
  let consumed = false

  async function publish(message) {
    const urls = podUrls()
    if (urls.length === 0) return false
    published += 1
    const response = await fetch(`${urls[published % urls.length]}/rates`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(2_000),
    })
    await response.arrayBuffer()
    return response.ok
  }

  return {
    publish,
    async onOrder(number) {
      const malformed = !consumed && number >= malformedAfter
      if (!malformed && number % EVERY_ORDERS !== 0) return
      consumed ||= malformed
      const message = malformed ? MALFORMED : GOOD[(number / EVERY_ORDERS) % GOOD.length]
      const delivered = await publish(message).catch((error) => {
        log(`the rate feed could not deliver a message: ${error.message}`)
        return false
      })
      if (malformed && !delivered) consumed = false
    },
  }
}
