import { useEffect, useState } from "react"

/** The value once it has stood still: what is dragged is not asked for at every pixel. */
export function useSettled<V>(value: V, ms: number): V {
  const [settled, setSettled] = useState(value)
  // effect: time passes outside React.
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
