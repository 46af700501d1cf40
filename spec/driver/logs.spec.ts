import { expect } from 'chai'
import { childContext, step, wait, type WorkflowContext } from '../../lib/index.ts'
import { replayAware, withFields, type ReplayLogs } from '../../lib/driver/workflow-log.ts'
import type { Log } from '../../lib/kernel/logger.ts'
import { Stage } from '../support/stage.ts'

function* talkative(_input: unknown, context: WorkflowContext) {
  const { log } = context
  const say = (message: string) => void log.info(`${message}${context.isReplaying ? ' again' : ''}`)
  say('begins')
  yield* step('one', () => 1)
  say('has one')
  yield* wait('1h')
  say('has waited')
  yield* step('two', () => 2)
  log.warn('has two')
  log.error('is over')
}

const logsOf = (words: readonly string[]) =>
  words.filter((word) => /^(info|warn|error) /.test(word))

/** The logs of one invocation after the other. */
function invocations(replayLogs: ReplayLogs, workflow = talkative): string[][] {
  const first = new Stage(workflow, { replayLogs }).finish()
  first.ledger.happen('2', { status: 'SUCCEEDED' })
  const second = new Stage(workflow, { replayLogs, ledger: first.ledger }).finish()
  const third = new Stage(workflow, { replayLogs, ledger: first.ledger }).finish()
  return [first, second, third].map((stage) => logsOf(stage.take()))
}

describe('a workflow that logs', () => {
  it('is heard once, however often it is replayed', () => {
    expect(invocations('suppress').slice(0, 2)).to.deep.equal([
      ['info begins', 'info has one'],
      ['info has waited', 'warn has two', 'error is over'],
    ])
  })

  it('is silent in a replay of what has ended', () => {
    expect(invocations('suppress')[2]).to.deep.equal([])
  })

  it('is heard again in all that it says, where that is asked', () => {
    expect(invocations('all').slice(1)).to.deep.equal([
      [
        'info begins again',
        'info has one again',
        'info has waited',
        'warn has two',
        'error is over',
      ],
      [
        'info begins again',
        'info has one again',
        'info has waited again',
        'warn has two',
        'error is over',
      ],
    ])
  })

  it('is heard again in its warnings and errors, where that is asked', () => {
    expect(invocations('warnings')[2]).to.deep.equal(['warn has two', 'error is over'])
    expect(invocations('errors')[2]).to.deep.equal(['error is over'])
  })

  it('is silent in a context whose result is made again', () => {
    const workflow = function* (_input: unknown, { log }: WorkflowContext) {
      yield* childContext(function* () {
        log.info('begins')
        yield* step(() => 1)
        yield* step(() => 2)
        log.info('ends')
        return 'x'.repeat(300_000)
      })
      log.info('is out')
      yield* wait('1h')
    }

    expect(invocations('suppress', workflow)).to.deep.equal([
      ['info begins', 'info ends', 'info is out'],
      [],
      [],
    ])
  })

  it('is silent before a virtual context that is recorded', () => {
    const workflow = function* (_input: unknown, { log }: WorkflowContext) {
      log.info('begins')
      const nested = childContext(
        step(() => 1),
        { virtual: true },
      )
      yield* childContext(nested, { virtual: true })
      yield* wait('1h')
    }

    expect(invocations('suppress', workflow)).to.deep.equal([['info begins'], [], []])
  })
})

describe('a log with fields', () => {
  const written = (use: (log: Log) => void): unknown[] => {
    const lines: unknown[] = []
    const at = (level: string) => (message: string, fields?: object) =>
      void lines.push([level, message, fields])
    use({ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') })
    return lines
  }

  it('puts them on every message, the message’s own over them', () => {
    const lines = written((log) => {
      const fielded = withFields(log, { a: 1, b: 1 })
      fielded.info('plain')
      fielded.warn('own', { b: 2, c: 3 })
    })

    expect(lines).to.deep.equal([
      ['info', 'plain', { a: 1, b: 1 }],
      ['warn', 'own', { a: 1, b: 2, c: 3 }],
    ])
  })

  it('keeps an error that is given in place of fields', () => {
    const error = new Error('boom')

    expect(written((log) => void withFields(log, { a: 1 }).error('failed', error))).to.deep.equal([
      ['error', 'failed', { a: 1, error }],
    ])
  })

  it('asks at each message whether it is a replay', () => {
    let isReplaying = true
    const lines = written((log) => {
      const aware = replayAware(log, 'suppress', () => isReplaying)
      aware.error('first')
      isReplaying = false
      aware.debug('second', { a: 1 })
    })

    expect(lines).to.deep.equal([['debug', 'second', { a: 1 }]])
  })
})
