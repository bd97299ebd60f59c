import { absoluteTime } from "../../ui/time/time-format.ts"
import { statusGroups } from "../status-groups.ts"
import type { Bar } from "./bars.ts"

/** The histogram for who hears it: only the times in which runs started. In a box, for a table takes the room it wants. */
export function HistogramTable({ bars, zone }: { bars: readonly Bar[]; zone?: string }) {
  return (
    <div className="sr-only">
      <table>
        <caption>Starts over time, by status; times without runs are left out</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            {statusGroups.map(({ id, label }) => (
              <th key={id} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bars
            .filter(({ total }) => total > 0)
            .map(({ fromMs, stacks }) => (
              <tr key={fromMs}>
                <th scope="row">{absoluteTime(fromMs, zone)}</th>
                {statusGroups.map(({ id, label }) => (
                  <td key={id}>{stacks.find((stack) => stack.label === label)?.count ?? 0}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  )
}
