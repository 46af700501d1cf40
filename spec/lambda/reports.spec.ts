import { expect } from 'chai'
import {
  all,
  allSettled,
  any,
  childContext,
  createDriver,
  map,
  parallel,
  race,
  step,
  wait,
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

  it('is warned of with its own line, whatever builds it', async () => {
    const { logged } = await invoke(function* () {
      const member = () => childContext(function* () {})
      all([member])
      allSettled([member])
      any([member])
      race([member])
      map([1], member)
      parallel([member])
    })

    const lines = [...(logged[0] ?? '').matchAll(/built at \S+reports\.spec\.ts:(\d+):/g)]
    const [first = 0, ...rest] = lines.map(([, line]) => Number(line))
    expect([first, ...rest].map((line) => line - first)).to.deep.equal([0, 1, 2, 3, 4, 5])
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
