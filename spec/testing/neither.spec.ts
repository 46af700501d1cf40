import { expect } from 'chai'
import { driver, step } from 'perdure'
import { crashEverywhere, exploreOrders, run, start, type Handler } from 'perdure/testing'

function* workflow(text: string) {
  return yield* step('echo', () => text)
}

const tools: Readonly<Record<string, (code: Handler) => Promise<unknown>>> = {
  run: (code) => run(code, { input: 'hello' }),
  'a started run': (code) => start(code, { input: 'hello' }).operation('echo').waitFor(),
  crashEverywhere: (code) => crashEverywhere(code, 'hello'),
  exploreOrders: (code) => exploreOrders(code, 'hello'),
}

const neither: Readonly<Record<string, { code: Handler; says: string }>> = {
  'a plain function': { code: () => 42, says: 'answers 42 (number)' },
  'an async function': { code: async () => ({ ok: true }), says: 'answers {"ok":true} (object)' },
  'a handler that forgot to answer': {
    code: (event, context) => void driver.lambdaHandler(workflow)(event, context),
    says: 'answers undefined',
  },
  'a function that makes a generator': {
    code: (text) => workflow(text as string),
    says: 'one that makes a generator is told apart from a handler by `function* (input, context)',
  },
  'an async generator function': {
    code: async function* () {
      yield await Promise.resolve(1)
    },
    says: 'not an `async function*`',
  },
  'a class': {
    code: class Order {
      readonly id = 1
    } as unknown as Handler,
    says: 'got "class Order',
  },
}

describe('what is neither a workflow nor a handler', () => {
  for (const [tool, use] of Object.entries(tools)) {
    for (const [what, { code, says }] of Object.entries(neither)) {
      it(`is refused by ${tool}: ${what}`, async () => {
        const error = await Promise.resolve()
          .then(() => use(code))
          .catch((thrown: unknown) => thrown)

        expect(error).to.be.instanceOf(Error).and.to.include({ code: 'INVALID_OPTION' })
        const { message } = error as Error
        expect(message).to.match(/^Expected `workflow` to be a generator function or a handler/)
        expect(message).to.include(says)
      })
    }

    it(`is not what somebody has put around a handler, for ${tool}`, async () => {
      const handler = driver.lambdaHandler(workflow) as Handler
      await use(async (event, context) => handler(event, context))
    })
  }
})
