import { expect } from 'chai'
import type { OperationRecord, Timestamp } from '../../lib/journal/record.ts'
import { dueAt, toEpochMilliseconds } from '../../lib/journal/time.ts'

describe('a timestamp of a record', () => {
  const table: [unknown, number | undefined][] = [
    ['2026-07-13T22:11:27.127Z', 1_783_980_687_127],
    ['2026-07-13T22:11:27Z', 1_783_980_687_000],
    [new Date(1_783_980_687_127), 1_783_980_687_127],
    [1_783_980_687_127, 1_783_980_687_127],
    [1_783_980_687_127.9, 1_783_980_687_127],
    [0, 0],
    [-0.5, 0],
    ['soon', undefined],
    ['', undefined],
    [NaN, undefined],
    [Infinity, undefined],
    [new Date(NaN), undefined],
    [null, undefined],
    [undefined, undefined],
    [{}, undefined],
    [Object.create(null), undefined],
    [10n, undefined],
    [Symbol('now'), undefined],
    [true, undefined],
  ]
  for (const [timestamp, milliseconds] of table) {
    const kind = Object.prototype.toString.call(timestamp)
    const words = timestamp instanceof Date ? `a Date of ${timestamp.getTime()}` : kind
    const shown = ['string', 'number'].includes(typeof timestamp)
      ? JSON.stringify(timestamp)
      : words
    it(`is ${milliseconds === undefined ? 'not to be read' : `${milliseconds} ms`}: ${shown}`, () => {
      expect(toEpochMilliseconds(timestamp as Timestamp)).to.equal(milliseconds)
    })
  }
})

describe('the moment at which the service moves an operation on', () => {
  const at = '2026-01-01T00:00:09Z'
  const base = { Id: '1', Status: 'STARTED', StartTimestamp: 0 } as const
  const table: [string, OperationRecord | undefined, number | undefined][] = [
    [
      'told for a wait',
      { ...base, Type: 'WAIT', WaitDetails: { ScheduledEndTimestamp: at } },
      1_767_225_609_000,
    ],
    [
      'told for a retry',
      { ...base, Type: 'STEP', StepDetails: { NextAttemptTimestamp: at } },
      1_767_225_609_000,
    ],
    ['not told for a step that runs', { ...base, Type: 'STEP', StepDetails: {} }, undefined],
    ['not told for a callback', { ...base, Type: 'CALLBACK' }, undefined],
    ['not told without a record', undefined, undefined],
  ]
  for (const [says, record, milliseconds] of table) {
    it(`is ${says}`, () => {
      expect(dueAt(record)).to.equal(milliseconds)
    })
  }
})
