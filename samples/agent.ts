import { all, driver, step, waitForCallback, type WorkflowContext } from 'perdure'
import type { Scenario } from 'perdure/testing'

// An agent: a model is asked what to do next, the tools that it calls run side by side, and what they
// gave is part of the next question, until the model has an answer. Each turn of the model and each
// tool call is a step, so a crash costs one of them and not the conversation. A tool that spends money
// waits for a person first, be it for days.

interface Task {
  question: string
}

export function* agent({ question }: Task, { log }: WorkflowContext) {
  const conversation: Message[] = [{ role: 'user', content: question }]
  for (let turn = 1; turn <= 8; turn++) {
    const reply = yield* step(`turn ${turn}`, () => model.reply(conversation))
    if (reply.calls.length === 0) return { answer: reply.text, turns: turn }
    log.info(`calls ${reply.calls.map(({ tool }) => tool).join(', ')}`)
    const results = yield* all(reply.calls.map((call) => () => use(call)))
    conversation.push({ role: 'model', content: reply.text })
    for (const content of results) conversation.push({ role: 'tool', content })
  }
  return { answer: 'I could not find out', turns: 8 }
}

/** What a tool answers; for the model, a refusal is an answer too. */
function* use({ tool, argument }: Call) {
  if (tool === 'order') {
    const { ok } = yield* waitForCallback<{ ok: boolean }>(`approve ${argument}`, (callbackId) =>
      people.ask(argument, callbackId),
    )
    if (!ok) return `${argument}: a person said no`
  }
  return yield* step(tool, () => tools[tool](argument))
}

export const handler = driver.lambdaHandler(agent)

// ---- what lies outside

interface Message {
  role: 'user' | 'model' | 'tool'
  content: string
}

interface Call {
  tool: keyof typeof tools
  argument: string
}

interface Reply {
  text: string
  calls: Call[]
}

const tools = {
  stock: async (item: string) => `${item}: 2 left`,
  price: async (item: string) => `${item}: 12 each`,
  order: async (items: string) => `${items}: ordered`,
}

const people = {
  async ask(_what: string, _callbackId: string): Promise<void> {},
}

const model = {
  /** Looks things up, then orders, then tells what came of it; in real life, a language model. */
  async reply(conversation: readonly Message[]): Promise<Reply> {
    const found = conversation.filter(({ role }) => role === 'tool').map(({ content }) => content)
    const last = found.at(-1)
    if (last === undefined) {
      return {
        text: 'How many are there, and what are they?',
        calls: [
          { tool: 'stock', argument: 'pens' },
          { tool: 'price', argument: 'pens' },
        ],
      }
    }
    if (found.length === 2) {
      return { text: 'There are few left.', calls: [{ tool: 'order', argument: '20 pens' }] }
    }
    return { text: `Done. ${last}`, calls: [] }
  },
}

/** The person who approves is back on the second day. The second turn dies once, just before its end is recorded. */
export const scenario: Scenario = {
  input: { question: 'Do we need pens?' },
  callbacks: { 'approve 20 pens': { after: '30h', succeed: { ok: true } } },
  crashes: ['turn 2'],
}
