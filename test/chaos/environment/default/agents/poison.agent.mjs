/** Every way in which a step can hurt its host. */
export default {
  name: "poison",
  inputSchema: { type: "object", properties: { how: { type: "string" } }, required: ["how"] },
  async run({ how }) {
    switch (how) {
      case "throw":
        throw new Error("on purpose")
      case "exit":
        process.exit(7)
        break
      case "hang":
        for (;;);
      case "memory": {
        const kept = []
        for (;;) kept.push(new Array(1e6).fill(Math.random()))
      }
      case "huge":
        return { text: "x".repeat(100 << 20) }
      case "reject":
        Promise.reject(new Error("nobody waits for this"))
        await new Promise((resolve) => setTimeout(resolve, 20))
        return { ok: true }
      default:
        return { ok: true }
    }
  },
}
