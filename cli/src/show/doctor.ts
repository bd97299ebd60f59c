/** How it is set up and whether it is well, on one page. */
import type { DataDirectory, DoctorReport, ServerAnswer } from "../offline/examine.ts"
import type { Style } from "./style.ts"
import { cut, fields, table } from "./table.ts"
import { sizeText } from "./upkeep.ts"

export function doctorText(style: Style, report: DoctorReport): string {
  const { versions, settings, data, server, problems } = report
  const section = (title: string, body: string) => `${style.bold(title)}\n${body}\n`
  return [
    section("versions", fields(style, Object.entries(versions))),
    settings === null
      ? ""
      : section(
          "configuration",
          table(
            style,
            ["SETTING", "VALUE", "FROM"],
            settings.map(({ name, value, source }) => [name, cut(value, 80), source]),
          ),
        ),
    data === null ? "" : section("data directory", fields(style, dataFields(data))),
    section("server", fields(style, serverFields(server))),
    problems.length === 0
      ? server.answers
        ? style.green("all is well\n")
        : style.yellow("nothing is wrong here, but no server answers\n")
      : section(
          style.red("to be mended"),
          problems.map((problem) => `  - ${problem.replace(/\n/g, "\n  - ")}\n`).join(""),
        ),
  ].join("")
}

function dataFields({
  folder,
  exists,
  bytes,
  freeBytes,
  measuredIn,
  fsyncMedianMs,
}: DataDirectory): [string, string][] {
  const where = measuredIn === folder ? "" : `, measured in ${measuredIn}`
  return [
    ["folder", exists ? folder : `${folder} (will be made)`],
    ["size", `${sizeText(bytes)}, ${sizeText(freeBytes)} free on the disk`],
    ["fsync p50", `${fsyncMedianMs} ms${where}`],
  ]
}

function serverFields({ url, answers, why, readiness, caller }: ServerAnswer): [string, string | null][] {
  return [
    ["address", url],
    ["answers", answers ? "yes" : `no: ${why}`],
    [
      "takes work",
      readiness === null ? null : readiness.ready ? "yes" : `no: ${readiness.reasons.join(", ") || "draining"}`,
    ],
    [
      "now",
      readiness === null
        ? null
        : `${readiness.openRuns} open runs, ${readiness.runningAttempts} attempts running, ${readiness.queuedAttempts} queued`,
    ],
    [
      "you are",
      caller === null
        ? null
        : `${caller.actor}, ${caller.role}${caller.teams.length > 0 ? `, of ${caller.teams.join(", ")}` : ""} (auth ${caller.auth})`,
    ],
  ]
}
