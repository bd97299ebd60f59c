/** One mail as the server sends it, from a process of its own: whom it trusts is said to a process when it starts. */
import { openMailing } from "../realtime/webhooks/alerts/carry-mail.ts"

const mailing = openMailing({ url: process.argv[2]!, from: "waybill@example.com" })
const mail = { to: ["ops@example.com"], subject: "it failed", text: "look", thread: null }
console.log(JSON.stringify(await mailing.send("whd_1", JSON.stringify(mail))))
mailing.close()
