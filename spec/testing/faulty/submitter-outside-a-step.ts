import { createCallback } from 'perdure'

// The id of the callback is handed out by the workflow's own code, so every replay asks the approver
// again.

export function* workflow({ expense }: { expense: string }) {
  const approval = yield* createCallback<boolean>('approval', { timeout: '2d' })
  void approver.ask(expense, approval.id)
  return yield* approval.result
}

const approver = {
  ask(expense: string, callbackId: string): Promise<Response> {
    const body = JSON.stringify({ expense, callbackId })
    return fetch('https://approver.example/ask', { method: 'POST', body }) // faulty
  },
}

export const input = { expense: 'exp-7' }
