import { expect } from 'chai'
import { event, eventData } from '../../../lib/service/history.ts'
import { MemoryStore } from '../../../lib/service/memory-store.ts'
import type {
  ExecutionChange,
  ExecutionFacts,
  Store,
  StoredOperation,
} from '../../../lib/service/store.ts'
import { openStore } from '../../../lib/server/store/open-store.ts'
import { removeTemporaryFiles, temporaryFile } from '../../support/temporary-file.ts'

interface Subject {
  readonly store: Store
  /** The store as a new process finds it. */
  reopen(): Store
  close(): void
}

const subjects: Record<string, () => Subject> = {
  'in memory': () => {
    const store = new MemoryStore()
    return { store, reopen: () => store, close() {} }
  },
  'in a file': () => {
    const file = temporaryFile()
    let open = openStore({ file })
    return {
      store: open.store,
      reopen() {
        open.close()
        open = openStore({ file })
        return open.store
      },
      close: () => open.close(),
    }
  },
  'in a database in memory': () => {
    const open = openStore({ file: ':memory:' })
    return { store: open.store, reopen: () => open.store, close: () => open.close() }
  },
}

const at = Date.UTC(2026, 0, 1)
const running = { status: 'RUNNING', crashes: 0, errors: 0, idle: 0, checkpoints: 0 } as const

function factsOf(ordinal: number, input = '{}'): ExecutionFacts {
  return {
    arn: `arn:${ordinal}`,
    id: `id-${ordinal}`,
    ordinal,
    name: `order-${ordinal}`,
    functionName: 'orders',
    version: '$LATEST',
    functionArn: 'arn:orders',
    startedAt: at,
    timeoutSeconds: 60,
    retentionDays: 14,
    input,
    parent: { executionArn: 'arn:0', operationId: 'op' },
  }
}

function opening(facts: ExecutionFacts): StoredOperation {
  const { id: Id, input: InputPayload = '' } = facts
  const head = { Id, Type: 'EXECUTION', Status: 'STARTED', StartTimestamp: at } as const
  return { sequence: 0, record: { ...head, ExecutionDetails: { InputPayload } } }
}

function step(sequence: number, Result: string): StoredOperation {
  const record = { Id: `step-${sequence}`, Type: 'STEP', StartTimestamp: at } as const
  return {
    sequence,
    record: { ...record, Status: 'SUCCEEDED', StepDetails: { Attempt: 1, Result } },
  }
}

function started(ordinal: number, input?: string): ExecutionChange {
  const facts = factsOf(ordinal, input)
  const details = { Input: eventData(facts.input), ExecutionTimeout: 60 }
  return {
    arn: facts.arn,
    facts,
    progress: running,
    operations: [opening(facts)],
    events: [event('ExecutionStarted', at, details, { Id: facts.id })],
  }
}

const happened = (type: 'StepStarted' | 'ContextStarted', Id: string) =>
  event(type, at, {}, { Id, Name: 'name' })

for (const [place, make] of Object.entries(subjects)) {
  describe(`a store ${place}`, () => {
    let subject: Subject
    beforeEach(() => {
      subject = make()
    })
    afterEach(() => {
      subject.close()
      removeTemporaryFiles()
    })

    it('is empty at first', () => {
      expect([...subject.store.load()]).to.deep.equal([])
    })

    it('gives back what was saved, in the order of starts', () => {
      const changes = [started(1), started(2)]
      subject.store.save(changes)
      const kept = [...subject.reopen().load()]
      expect(kept).to.deep.equal(changes.map(({ arn: _, ...rest }) => rest))
    })

    it('puts newer operations in the place of older ones, and appends events', () => {
      const { store } = subject
      const first = started(1)
      store.save([first])
      const two = [
        step(1, '1'),
        { ...step(2, '2'), extras: { call: { functionName: 'f', version: '1' } } },
      ]
      store.save([
        {
          arn: 'arn:1',
          progress: running,
          operations: two,
          events: [happened('StepStarted', 'a')],
        },
      ])
      const progress = { ...running, status: 'SUCCEEDED', endedAt: at + 5, result: '7' } as const
      const late = [happened('StepStarted', 'b'), happened('ContextStarted', 'c')]
      store.save([{ arn: 'arn:1', progress, operations: [step(1, '"again"')], events: late }])
      expect([...subject.reopen().load()]).to.deep.equal([
        {
          facts: first.facts,
          progress,
          operations: [opening(factsOf(1)), step(1, '"again"'), two[1]],
          events: [...first.events, happened('StepStarted', 'a'), ...late],
        },
      ])
    })

    it('forgets what is removed, and nothing else', () => {
      const { store } = subject
      store.save([started(1), started(2)])
      store.remove('arn:1')
      store.remove('arn:never')
      expect([...subject.reopen().load()].map(({ facts }) => facts.arn)).to.deep.equal(['arn:2'])
    })

    it('refuses a change of what it does not know', () => {
      const { facts: _, ...change } = started(1)
      expect(() => subject.store.save([change])).to.throw('Nothing is stored of arn:1')
    })

    it('keeps payloads of 6 MB, and every character', () => {
      const odd = 'NUL \0, half a pair \ud800, 😀, "quotes", \u2028'
      const large = 'é'.repeat(3 * 1024 * 1024)
      subject.store.save([started(1, odd), started(2, large)])
      const inputs = [...subject.reopen().load()].map(({ facts }) => facts.input)
      expect(inputs[0]).to.equal(odd)
      expect(inputs[1] === large).to.equal(true)
    })

    it('reads one execution by its ARN', () => {
      const change = started(2)
      subject.store.save([started(1), change])
      const { arn: _, ...stored } = change
      expect(subject.store.read?.('arn:2') ?? stored).to.deep.equal(stored)
      expect(subject.store.read?.('arn:3')).to.equal(undefined)
    })
  })
}
