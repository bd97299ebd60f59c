/**
 * The customers: a steady, low rate of real orders through the front, most of them in dollars, now and then one with a
 * mistake of the customer's own (answered 400, which is no error of the service). Never more than 16 at a time.
 */
import { Agent } from "node:http"
import { post } from "./front.mjs"

const CURRENCIES = ["USD", "EUR", "USD", "GBP", "USD"]
const MISTAKE_EVERY = 40
const IN_FLIGHT_MAX = 16

export function startTraffic(frontUrl, { perSecond, onOrder = () => {} }) {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT_MAX })
  let sent = 0
  let inFlight = 0
  const timer = setInterval(async () => {
    if (inFlight >= IN_FLIGHT_MAX) return
    sent += 1
    inFlight += 1
    // A customer who gets no answer goes away: the front has counted him already.
    await post(agent, `${frontUrl}/checkout`, order(sent)).catch(() => {})
    inFlight -= 1
    onOrder(sent)
  }, 1_000 / perSecond)
  return {
    stop() {
      clearInterval(timer)
      agent.destroy()
    },
  }
}

function order(number) {
  const quantity = number % MISTAKE_EVERY === 0 ? 0 : 1 + (number % 3)
  return { quantity, unitPrice: 5 + (number % 20), currency: CURRENCIES[number % CURRENCIES.length] }
}
