import { queryOptions } from "@tanstack/react-query"
import { api } from "../../data/api.ts"

export const approvalQuery = (approvalId: string) =>
  queryOptions({
    queryKey: ["approval", approvalId],
    queryFn: () => api().approvals.get(approvalId),
    meta: { live: ["approvals"] },
  })
