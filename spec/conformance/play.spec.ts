import { expect } from 'chai'

import { VirtualClock } from '../../lib/testing/virtual-clock.ts'
import type { Event } from './events.ts'
import { play } from './play.ts'
import { parseRequirement } from './requirement.ts'
import type { Stage } from './stage.ts'

const started = { EventId: 1, EventType: 'ExecutionStarted' }
const callback = {
  EventId: 2,
  EventType: 'CallbackStarted',
  Id: '1',
  CallbackStartedDetails: { CallbackId: 'cb' },
}
const ended = { EventId: 3, EventType: 'ExecutionSucceeded' }

/** A stage on which the history is, at each look, what comes next in `looks`; it writes down all else. */
class ScriptedStage implements Stage {
  readonly transcript: string[] = []
  readonly #looks: Event[][]

  constructor(...looks: Event[][]) {
    this.#looks = looks
  }

  async start(payload: string, async: boolean) {
    this.transcript.push(`start ${payload}${async ? ' async' : ''}`)
    return 'arn'
  }
  async history() {
    return (this.#looks.length > 1 ? this.#looks.shift() : this.#looks[0]) ?? []
  }
  async standing() {
    return { Status: 'SUCCEEDED' }
  }
  async somethingNew() {
    this.transcript.push('look again')
  }
  async sleep(seconds: number) {
    this.transcript.push(`sleep ${seconds}`)
  }
  async rest() {
    this.transcript.push('rest')
  }
  async answer(callbackId: string, { Operation }: { Operation: string }) {
    this.transcript.push(`${Operation} to ${callbackId}`)
  }
  async stop() {
    this.transcript.push('stop')
  }
  output() {
    return ['a line']
  }
  async close() {}
}

function requirement(text: string) {
  return parseRequirement(text, { id: '4-1', suite: 'callback', file: '4-1.yaml' })
}

const result = 'ExpectedResult: { ExecutionStatus: SUCCEEDED }\n'

describe('the play of a case', () => {
  it('waits for the end of an execution that needs nothing on the way', async () => {
    const stage = new ScriptedStage([started, ended])
    const bindings = new Map([['NAME', 'ada']])
    const performance = await play(requirement(`${result}Input: \${NAME}\n`), bindings, stage)

    expect(stage.transcript).to.deep.equal(['start "ada"', 'rest'])
    expect(performance).to.deep.equal({
      arn: 'arn',
      standing: { Status: 'SUCCEEDED' },
      events: [started, ended],
      output: ['a line'],
    })
  })

  it('answers a callback when it has started, after the delay', async () => {
    const stage = new ScriptedStage([started], [started, callback], [started, callback, ended])
    const text = `${result}CallbackActions:\n  - { Operation: failure, Delay: 2 }\n`
    await play(requirement(text), new Map(), stage)

    expect(stage.transcript).to.deep.equal([
      'start null async',
      'look again',
      'sleep 2',
      'failure to cb',
      'rest',
    ])
  })

  it('stops an execution whose events are all that is expected', async () => {
    const stage = new ScriptedStage([started], [started, callback])
    await play(requirement('ExpectedExecutionHistory: [{ EventId: 2 }]\n'), new Map(), stage)

    expect(stage.transcript).to.deep.equal(['start null async', 'look again', 'stop', 'rest'])
  })

  it('is given up when nothing new happens', async () => {
    const stage = new ScriptedStage([started])
    stage.somethingNew = () => new Promise(() => {})
    const clock = new VirtualClock()
    const start = clock.now()
    const failure = await play(
      requirement('Input:\nAsyncInvoke: true\n' + result),
      new Map(),
      stage,
      clock,
    )
      .then(() => undefined)
      .catch((error: unknown) => error)

    expect(failure)
      .to.have.property('message')
      .that.contains('nothing new has happened for 30 seconds')
    expect(clock.now() - start).to.equal(30_000)
  })
})
