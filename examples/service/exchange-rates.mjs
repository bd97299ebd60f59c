/**
 * The exchange rates in one pod's memory, in euro. They start from the same table in every process and are smoothed
 * with each message of the rate feed.
 *
 * This module holds the example's real defect: the feed's numbers are text, and `Number("0,93")` is NaN. Averaging
 * keeps a NaN for ever, so one malformed message breaks a currency until the process is started again.
 */
const START = { EUR: 1, USD: 0.92, GBP: 1.17 }

export function createExchangeRates() {
  const rates = new Map(Object.entries(START))
  return {
    currencies: () => [...rates.keys()],
    apply(message) {
      const update = Number(message.rate)
      rates.set(message.currency, ((rates.get(message.currency) ?? update) + update) / 2)
    },
    /** @returns {number} the order's total in euro cents; throws when it cannot be told */
    price(order) {
      const rate = rates.get(order.currency)
      if (rate === undefined) throw new UnknownCurrency(order.currency)
      const total = Math.round(order.quantity * order.unitPrice * rate * 100)
      if (!Number.isFinite(total)) throw new Error(`total is not a number: the rate of ${order.currency} is ${rate}`)
      return total
    },
  }
}

/** The customer's mistake, not ours: answered with 400. */
export class UnknownCurrency extends Error {
  constructor(currency) {
    super(`unknown currency ${currency}`)
  }
}
