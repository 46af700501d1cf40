import { driver, isPerdureError, step, waitForCallback, type WorkflowContext } from 'perdure'
import type { Scenario } from 'perdure/testing'

// An expense is put to the manager and, when two days bring no answer, to the director. What nobody
// has decided after that is rejected: nothing here waits for ever.

interface Expense {
  id: string
  amount: number
}

interface Decision {
  approved: boolean
  by: string
}

export function* approveExpense(expense: Expense, { log }: WorkflowContext) {
  const decision = (yield* ask('manager', expense)) ?? (yield* ask('director', expense))
  if (!decision) return { id: expense.id, outcome: 'rejected', by: 'nobody answered' }

  log.info('decided', { id: expense.id, by: decision.by })
  if (decision.approved) yield* step('pay', () => payroll.pay(expense))
  return { id: expense.id, outcome: decision.approved ? 'paid' : 'rejected', by: decision.by }
}

/** The decision of one person, or nothing when it does not come in time. */
function* ask(role: string, expense: Expense) {
  try {
    return yield* waitForCallback<Decision>(role, (id) => mail.ask(role, expense, id), {
      timeout: '2d',
    })
  } catch (error) {
    if (isPerdureError(error, 'CALLBACK_TIMED_OUT')) return undefined
    throw error
  }
}

export const handler = driver.lambdaHandler(approveExpense)

// ---- what lies outside

const mail = {
  /** The id goes into the link that the person clicks. */
  async ask(_role: string, _expense: Expense, _callbackId: string): Promise<void> {},
}

const payroll = {
  async pay(_expense: Expense): Promise<void> {},
}

/** The manager is away; the director answers on the third day. */
export const scenario: Scenario = {
  input: { id: 'exp-7', amount: 180 },
  callbacks: { director: { after: '20h', succeed: { approved: true, by: 'Robin' } } },
}
