/**
 * One open response of `text/event-stream`. It never buffers: when the socket is full, the reader waits for it to
 * drain, and a reader that stands still for too long is closed (it comes back with its last id and loses nothing).
 */
import type { ServerResponse } from "node:http"
import { heartbeat } from "./frame.ts"

export class Reader {
  isOpen = true
  private readonly response: ServerResponse
  private wakeUp: (() => void) | null = null
  private woken = false
  private stalledAt: number | null = null
  private wroteAt: number

  constructor(response: ServerResponse, now: number) {
    this.response = response
    this.wroteAt = now
    response.on("drain", () => this.wake())
    response.on("close", () => {
      this.isOpen = false
      this.wake()
    })
    response.on("error", () => this.close())
  }

  /** Something new is there, or the reader is gone. */
  wake(): void {
    this.woken = true
    const wakeUp = this.wakeUp
    this.wakeUp = null
    wakeUp?.()
  }

  /** Returns at once when `wake` was called since the last wait. */
  async wait(): Promise<void> {
    if (!this.woken) {
      await new Promise<void>((resolve) => {
        this.wakeUp = resolve
      })
    }
    this.woken = false
  }

  /** Returns when the socket has room for more, or the reader is gone. */
  async write(bytes: Buffer, now: () => number): Promise<void> {
    if (!this.isOpen) return
    this.wroteAt = now()
    if (this.response.write(bytes)) return
    this.stalledAt = this.wroteAt
    while (this.isOpen && this.response.writableNeedDrain) await this.wait()
    this.stalledAt = null
    // Events may have come while the socket was full.
    this.woken = true
  }

  /** `now` on the monotonic clock. */
  beat(now: number, intervalMs: number, stallMs: number): void {
    if (!this.isOpen) return
    if (this.stalledAt !== null) {
      if (now - this.stalledAt >= stallMs) this.response.destroy()
      return
    }
    if (now - this.wroteAt >= intervalMs) {
      this.wroteAt = now
      this.response.write(heartbeat)
    }
  }

  close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.response.end()
    this.wake()
  }
}
