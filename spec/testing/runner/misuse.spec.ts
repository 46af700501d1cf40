import { expect } from 'chai'
import { PerdureError, driver, step, waitForCallback } from 'perdure'
import { expectGolden, run, start } from 'perdure/testing'

function* ask(question: string) {
  yield* step('note', () => question)
  return yield* waitForCallback('answer', () => undefined, { timeout: '1d' })
}

/** As whoever writes JavaScript may do it. */
const wrongly = run as (...args: unknown[]) => Promise<unknown>
const circle: Record<string, unknown> = {}
circle['circle'] = circle

const duration = "a duration such as '30s', '5m', '2h', '7d' or { hours: 2 }"
const answers = "'timeout', { succeed }, { fail } or { timeout: true }"

const slips: Record<string, [options: unknown, message: string]> = {
  'a list of callbacks': [
    { callbacks: ['answer'] },
    'Expected `callbacks` to be an object by name, got an array of 1.',
  ],
  'the bare value of an answer': [
    { callbacks: { answer: true } },
    `Expected \`callbacks.answer\` to be ${answers}, got true (boolean).`,
  ],
  'an answer by another word': [
    { callbacks: { answer: ['timeout', { success: true }] } },
    `Expected \`callbacks.answer[1]\` to be ${answers}, got {"success":true} (object).`,
  ],
  'an answer that both comes and does not': [
    { callbacks: { answer: { succeed: 1, timeout: true } } },
    `Expected \`callbacks.answer\` to be ${answers}, got {"succeed":1,"timeout":true} (object).`,
  ],
  'no answer at all': [
    { callbacks: { answer: [] } },
    'Expected `callbacks.answer` to be one answer or more, got an array of 0.',
  ],
  'an answer at a time that is none': [
    { callbacks: { answer: { succeed: 1, after: '2 hours' } } },
    `Expected \`callbacks.answer.after\` to be ${duration}, got "2 hours" (string).`,
  ],
  'a failure that is a text': [
    { callbacks: { answer: { fail: 'no' } } },
    'Expected `callbacks.answer.fail` to be an error or { type, message }, got "no" (string).',
  ],
  'the value of a step in place of its body': [
    { steps: { note: 'noted' } },
    'Expected `steps.note` to be a function, got "noted" (string).',
  ],
  'the name of one crash': [
    { crashes: 'note' },
    'Expected `crashes` to be an array of names of steps, got "note" (string).',
  ],
  'a function that is none': [
    { functions: { shipping: 1 } },
    'Expected `functions.shipping` to be a function, got 1 (number).',
  ],
  'a clock of somebody else': [
    { clock: { now: () => 0 } },
    'Expected `clock` to be a VirtualClock, got {} (object).',
  ],
  'an input that is no JSON': [
    { input: 10n },
    'The input cannot be written as JSON: Do not know how to serialize a BigInt. ' +
      'Hand over what JSON can hold, or give a serdes that can write it.',
  ],
  'an input that JSON leaves out': [
    { input: function question() {} },
    'The input is question (function), which JSON leaves out. ' +
      'Hand over what JSON can hold, or give a serdes that can write it.',
  ],
  'the bare input': [
    'why?',
    'Expected `options` to be an object, with the input as its `input`, got "why?" (string).',
  ],
}

describe('a run that is given what can only be a slip', () => {
  for (const [what, [options, message]] of Object.entries(slips)) {
    it(`refuses ${what}`, async () => {
      expect(await thrownBy(() => wrongly(ask, options))).to.equal(message)
    })
  }

  it('refuses an option that it does not have', async () => {
    const message = await thrownBy(() => wrongly(ask, { question: 'why?' }))

    expect(message).to.match(/^A run has no option `question`\. It has input, functions, /)
    expect(message).to.match(/ What the workflow is handed goes into `input`\.$/)
  })

  it('refuses an input in which something goes round', async () => {
    expect(await thrownBy(() => wrongly(ask, { input: circle }))).to.match(
      /^The input cannot be written as JSON: Converting circular structure/,
    )
  })
})

const handlerOrFunction = 'Expected `workflow` to be a generator function or a handler'

const subjects: Record<string, [subject: unknown, message: string]> = {
  nothing: [undefined, `${handlerOrFunction}, got undefined.`],
  'a workflow that was called': [
    ask('why?'),
    `${handlerOrFunction}, not what comes of calling one, got a generator.`,
  ],
  'an async generator function': [
    async function* asking() {
      yield await Promise.resolve(1)
    },
    `${handlerOrFunction}, not an \`async function*\`, got asking (function).`,
  ],
  'a function that is no generator function': [
    async function asking() {
      return 5
    },
    'Expected `workflow` to be a generator function or a handler made by ' +
      'driver.lambdaHandler, not one that answers 5 (number), got asking (function).',
  ],
  'a function that answers a generator': [
    (input: string) => ask(input),
    `${handlerOrFunction}: one that makes a generator is told apart from a handler by ` +
      '`function* (input, context) { return yield* … }` around it, got an anonymous function (function).',
  ],
}

describe('a run of what is no workflow', () => {
  for (const [what, [subject, message]] of Object.entries(subjects)) {
    it(`refuses ${what}`, async () => {
      expect(await thrownBy(() => wrongly(subject))).to.equal(message)
    })
  }

  it('takes a handler with something around it', async () => {
    const inner = driver.lambdaHandler(function* () {
      return yield* step('a', () => 1)
    })
    const result = await run((event: unknown, context: unknown) =>
      inner(event as never, context as never),
    )

    expect(result.value).to.equal(1)
  })
})

describe('a run of which the wrong thing is asked', () => {
  it('refuses to print to what cannot be called', async () => {
    const result = await run(ask, { input: 'why?' })

    expect(await thrownBy(() => result.print('out' as never))).to.equal(
      'Expected `write` to be a function, got "out" (string).',
    )
  })

  it('refuses handles that mean nothing, and stages that there are not', async () => {
    const execution = start(ask, { input: 'why?' })

    expect(await thrownBy(() => execution.operation(undefined as never))).to.equal(
      'Expected `selector` to be a name or any of { name, id, index }, got undefined.',
    )
    expect(await thrownBy(() => execution.operation('note', -1))).to.equal(
      'Expected `index` to be an integer from 0 up, got -1 (number).',
    )
    expect(await thrownBy(() => execution.operation('note').waitFor('done' as never))).to.equal(
      "Expected `stage` to be 'started' or 'submitted' or 'completed', got \"done\" (string).",
    )
  })

  it('refuses an answer that is no JSON', async () => {
    const execution = start(ask, { input: 'why?' })

    expect(await thrownBy(() => execution.callback('answer').succeed(10n))).to.match(
      /^The answer to a callback cannot be written as JSON: /,
    )
  })

  it('has no golden history before it is awaited', async () => {
    const running = run(ask, { input: 'why?' })

    expect(await thrownBy(() => expectGolden(running as never, 'never-written.json'))).to.equal(
      'Expected `result` to be what `await run(…)` answers, got a Promise.',
    )
    await running
  })
})

/** The message of the PerdureError that is thrown. */
async function thrownBy(act: () => unknown): Promise<string> {
  try {
    await act()
  } catch (error) {
    expect(error).to.be.an.instanceOf(PerdureError)
    return (error as Error).message
  }
  return expect.fail('nothing was thrown')
}
