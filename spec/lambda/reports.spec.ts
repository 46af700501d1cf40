import { expect } from 'chai'
import {
  all,
  allSettled,
  any,
  childContext,
  createCallback,
  createDriver,
  fork,
  invoke as invokeFunction,
  isPerdureError,
  map,
  parallel,
  race,
  saga,
  status,
  step,
  uuid,
  version,
  wait,
  waitForCallback,
  waitForCondition,
  type DriverOptions,
  type Log,
  type Workflow,
} from '../../lib/index.ts'
import { ClientDouble, executionArn } from '../support/client-double.ts'

/** One invocation, with all that it logged as `level message` and the fields of it. */
async function invoke(
  workflow: Workflow<never>,
  options: DriverOptions = {},
  client = new ClientDouble(),
) {
  const logged: string[] = []
  const fields: (object | undefined)[] = []
  const at = (level: string) => (message: string, own?: object) => {
    logged.push(`${level} ${message}`)
    fields.push(own)
  }
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const handler = createDriver({ client, log, ...options }).lambdaHandler(workflow)
  const context = { awsRequestId: 'r1', tenantId: 'acme' }
  const answer = (await handler(client.event(), context)) as {
    Status: string
    Error?: { ErrorType: string; ErrorMessage: string }
  }
  return { answer, logged, fields, client }
}

const here = /reports\.spec\.ts:\d+:\d+/

function* forgetful() {
  yield* step('kept', () => 1)
  step('forgotten', () => 2)
  return 'done'
}

describe('an operation that was built and never yielded', () => {
  it('is warned of, with its line', async () => {
    const { answer, logged } = await invoke(forgetful)

    expect(answer.Status).to.equal('SUCCEEDED')
    expect(logged).to.have.length(1)
    expect(logged[0]).to.match(
      /^warn step "forgotten" was built at \S+reports\.spec\.ts:\d+:\d+ and never yielded, so it did not run\.\nDid you forget `yield\*`\?$/,
    )
  })

  const one = step('member', () => 1)
  const builders: [string, () => unknown][] = [
    ['wait', () => wait('1h')],
    ['createCallback', () => createCallback()],
    ['waitForCallback', () => waitForCallback(() => 1)],
    ['invoke "f"', () => invokeFunction('f')],
    [
      'waitForCondition',
      () => waitForCondition(() => 1, { initialState: 1, strategy: () => false }),
    ],
    ['childContext', () => childContext(one)],
    ['map', () => map([1], () => one)],
    ['parallel', () => parallel([one])],
    ['all', () => all([one])],
    ['allSettled', () => allSettled({ one })],
    ['any', () => any('name', [one])],
    ['race', () => race([one])],
    ['fork', () => fork(one)],
    ['saga', () => saga(one)],
    ['version', () => version('v', { min: 1, max: 2 })],
    ['status', () => status(1)],
    ['uuid', () => uuid()],
  ]
  for (const [words, build] of builders) {
    it(`is told by the line of whoever built it: ${words}`, async () => {
      const { logged } = await invoke(function* () {
        build()
        yield* step('kept', () => 1)
      })

      expect(logged).to.have.length(1)
      expect(logged[0]).to.match(/^warn \w+( "\w+")? was built at \S+reports\.spec\.ts:\d+:\d+ and/)
      expect(logged[0]).to.include(words)
    })
  }

  it('is none where its builder refused it', async () => {
    const refused = function* () {
      yield* step('kept', () => 1)
      for (const build of [() => map([1], () => one, { maxConcurrency: 0 }), () => race([])]) {
        try {
          build()
        } catch (error) {
          if (!isPerdureError(error, 'INVALID_OPTION')) throw error
        }
      }
      return 'caught'
    }
    for (const determinism of ['check', 'off'] as const) {
      const { answer, logged } = await invoke(refused, { determinism })

      expect([answer, logged]).to.deep.equal([{ Status: 'SUCCEEDED', Result: '"caught"' }, []])
    }
  })

  it('is not held against one whose members were refused', async () => {
    const refused = function* () {
      yield* race([step('a', () => 1), 5 as never])
    }
    const { answer, logged } = await invoke(refused, { determinism: 'check' })

    expect([answer.Error?.ErrorMessage, logged]).to.deep.equal([
      'Expected `members.1` to be an operation or a body, not its result, got 5 (number).',
      [],
    ])
  })

  it('is an error where determinism is checked', async () => {
    const { answer, logged } = await invoke(forgetful, { determinism: 'check' })

    expect([answer.Status, answer.Error?.ErrorType, logged]).to.deep.equal([
      'FAILED',
      'ForgottenYieldError',
      [],
    ])
    expect(answer.Error?.ErrorMessage).to.match(here)
  })

  it('is not what a context was given to run, in any invocation', async () => {
    const client = new ClientDouble()
    const tidy = function* () {
      yield* childContext(
        'c',
        step('s', () => 1),
      )
      yield* wait('1h')
      return 'done'
    }
    await invoke(tidy, { determinism: 'check' }, client)
    client.ledger.happen('2', { status: 'SUCCEEDED' })
    const { answer, logged } = await invoke(tidy, { determinism: 'check' }, client)

    expect([answer, logged]).to.deep.equal([{ Status: 'SUCCEEDED', Result: '"done"' }, []])
  })
})

describe('where determinism is checked', () => {
  const twice = function* () {
    const again = step('again', () => 1)
    yield* again
    yield* again
  }
  const changed = function* () {
    yield* step('when', () => new Date(0))
  }

  it('an operation yielded twice is warned of', async () => {
    const [checked, unchecked] = [
      await invoke(twice, { determinism: 'check' }),
      await invoke(twice),
    ]

    expect(checked.logged).to.deep.equal([
      'warn step "again" was yielded more than once; each yield is an operation of its own. ' +
        'Build it again where that is meant, keep its result where it is not.',
    ])
    expect(unchecked.logged).to.deep.equal([])
  })

  it('a result that its serdes changes is warned of', async () => {
    const [checked, unchecked] = [
      await invoke(changed, { determinism: 'check' }),
      await invoke(changed),
    ]

    expect(checked.logged).to.have.length(1)
    expect(checked.logged[0]).to.match(/^warn step "when" returned a value that its serdes changes/)
    expect(unchecked.logged).to.deep.equal([])
  })
})

describe('a report of what stopped a workflow', () => {
  it('names the line of the yield', async () => {
    const client = new ClientDouble()
    let name = 'first'
    const renamed = function* () {
      yield* step(name, () => 1)
      yield* wait('1h')
    }
    await invoke(renamed, {}, client)
    name = 'second'
    const { answer } = await invoke(renamed, {}, client)

    expect(answer.Error?.ErrorMessage).to.match(/\nYielded at \S*reports\.spec\.ts:\d+:\d+$/)
  })

  it('names the line of the last operation where what was yielded is none', async () => {
    const odd = function* () {
      yield* step('one', () => 1)
      yield 42 as never
    }
    const { answer } = await invoke(odd)

    expect(answer.Error?.ErrorMessage).to.match(
      /^Yielded 42 \(number\), .*\nAfter the operation yielded at \S*reports\.spec\.ts:\d+:\d+$/,
    )
  })

  it('is made in silence', async () => {
    let logs = 0
    const chatty: Workflow<never> = function* (_input, { log }) {
      logs += 1
      log.info('begins')
      yield* step('one', () => 1)
      yield 42 as never
    }
    const { logged } = await invoke(chatty)

    expect([logs, logged]).to.deep.equal([2, ['info begins']])
  })
})

describe('the log of a workflow and of its bodies', () => {
  it('carries the execution, the request and the operation', async () => {
    const { fields, logged } = await invoke(function* (_input, { log }) {
      log.info('from the workflow')
      yield* step('s', (context) => {
        context.log.info('from the body', { own: 1 })
      })
    })
    const facts = { executionArn, requestId: 'r1', tenantId: 'acme' }

    expect(logged).to.deep.equal(['info from the workflow', 'info from the body'])
    expect(fields).to.deep.equal([
      facts,
      { ...facts, operationId: '1', operationName: 's', attempt: 1, own: 1 },
    ])
  })
})

describe('a workflow that returns what it should have yielded', () => {
  const inner = function* () {
    return yield* step('inner', () => 1)
  }
  const table: [string, () => Generator<unknown, unknown, unknown>][] = [
    [
      'step "last", which nothing carries out',
      function* () {
        yield* step('first', () => 1)
        return step('last', () => 2)
      },
    ],
    [
      'a generator, which nothing runs',
      function* () {
        yield* step('first', () => 1)
        return inner()
      },
    ],
    [
      'a task, which ends with it',
      function* () {
        return yield* fork(inner)
      },
    ],
  ]
  for (const [what, workflow] of table) {
    it(`fails, whatever the serdes would make of that: ${what}`, async () => {
      const { answer } = await invoke(workflow as Workflow<never>)

      expect([answer.Status, answer.Error?.ErrorType, answer.Error?.ErrorMessage]).to.deep.equal([
        'FAILED',
        'ForgottenYieldError',
        `The workflow returned ${what}. Write \`return yield*\`.`,
      ])
    })
  }
})

describe('a promise where a body is asked for', () => {
  const failing = async (): Promise<never> => {
    await Promise.resolve()
    throw new Error('nobody hears this')
  }
  const table: [string, () => Generator<unknown, unknown, unknown>, RegExp][] = [
    [
      'made for an item of a map',
      function* () {
        yield* map([1], failing as never)
      },
      /^The body of item "map-item-0" returned a Promise, .*\nAfter the operation yielded at \S*reports\.spec\.ts:\d+:\d+$/,
    ],
    [
      'among members',
      function* () {
        yield* race([failing() as never])
      },
      /^Expected `members\.0` to be an operation or a body, not its result, got a Promise\.$/,
    ],
    [
      'yielded',
      function* () {
        yield failing()
      },
      /^Yielded a Promise, which is not an operation\./,
    ],
  ]
  for (const [where, workflow, message] of table) {
    it(`is refused, and does not end the process when it fails: ${where}`, async () => {
      const unheard: unknown[] = []
      const hear = (reason: unknown) => void unheard.push(reason)
      process.prependOnceListener('unhandledRejection', hear)
      const { answer } = await invoke(workflow as Workflow<never>)
      await new Promise((resolve) => setImmediate(resolve))
      process.off('unhandledRejection', hear)

      expect(answer.Error?.ErrorMessage).to.match(message)
      expect(unheard).to.deep.equal([])
    })
  }
})
