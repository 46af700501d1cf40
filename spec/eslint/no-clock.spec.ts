import { flow, judge, judgeTyped, told } from './judge.ts'

judge('no-clock', {
  good: {
    'the clock in the body of a step': flow(`yield* step('at', () => Date.now())`),
    'the clock in a function that is the body of a step': `
import { step } from 'perdure'
const read = () => Date.now()
function* flow() {
  const local = () => new Date()
  return [yield* step('a', read), yield* step('b', local)]
}`,
    'the clock in submitters, checks and compensations': `
import { step, waitForCallback, waitForCondition } from 'perdure'
function* flow() {
  yield* waitForCallback('a', (id) => send(id, Date.now()))
  yield* waitForCondition('b', () => Date.now(), { initialState: 0, strategy: (now) => now > 1 })
  yield* step('c', () => 1, { compensate: () => log(Date.now()) })
}`,
    'the clock that is replayed, and dates made of it': flow(`
const at = yield* now()
return [new Date(at), new Date('2026-01-01'), Date.parse(order.day), Date.UTC(2026, 1)]`),
    'the clock outside of workflows': `
import { step } from 'perdure'
const began = Date.now()
export const since = () => Date.now() - began
export function* flow() { yield* step('a', () => since()) }`,
    'a generator that has nothing to do with workflows': `
import { step } from 'perdure'
function* ticks() { for (;;) yield Date.now() }
function* flow() { yield* step('a', () => [...ticks()]) }`,
    'generators in a file without perdure': `
import { step } from './elsewhere.js'
function* flow() { yield* step('a', () => 1); return Date.now() }`,
    'what a name no longer stands for': `
import { wait } from 'perdure'
let read = Date.now
var again = Date.now
var again = () => 1
export const change = (to) => { read = to }
function* flow() { yield* wait('1s'); return [read(), again()] }`,
    'workflows inside of a body': `
import { step, wait } from 'perdure'
function* flow() {
  yield* step('a', () => { const inner = function* () { yield* wait('1s'); Date.now() }; return play(inner) })
}`,
    'another Date': flow(`
const Date = order.calendar
return [Date.now(), new Date(), yield* step('a', () => 1)]`),
    'a function of which nobody knows when it is called': flow(`
yield* step('a', () => 1)
return elsewhere(() => Date.now())`),
  },
  bad: {
    'the ways to read it': {
      code: flow(`yield* step('a', () => 1)
const a = Date.now()
const b = new Date()
const c = Date()
const d = performance.now()
const e = process.hrtime.bigint()
const f = Temporal.Now.instant()`),
      says: told('clock', 4, 5, 6, 7, 8, 9),
    },
    'the ways to name it': {
      code: `import { performance as p } from 'node:perf_hooks'
import { step } from 'perdure'
const { now } = Date
const clock = globalThis.Date
function* flow() {
  yield* step('a', () => 1)
  now()
  clock.now()
  Date['now']()
  p?.now()
  new clock()
}`,
      says: told('clock', 7, 8, 9, 10, 11),
    },
    'the ways to name perdure': {
      code: `import { step as s } from 'perdure'
import * as perdure from 'perdure'
import door from 'perdure'
const { wait: w } = require('perdure')
const all = require('perdure')
function* a() { yield* s('a', () => 1); Date.now() }
function* b() { yield* perdure.wait('1s'); Date.now() }
function* c() { yield* door.wait('1s'); Date.now() }
function* d() { yield* w('1s'); Date.now() }
function* e() { yield* all.wait('1s'); Date.now() }`,
      says: told('clock', 6, 7, 8, 9, 10),
    },
    'workflows by what they are handed to': {
      code: `import { driver } from './driver.js'
import { run } from 'perdure/testing'
export const handler = driver.lambdaHandler(flow)
function* flow() { return Date.now() }
export const other = driver.lambdaHandler(function* () { return Date.now() })
run(function* () { return Date.now() })`,
      says: told('clock', 4, 5, 6),
    },
    'bodies of child contexts, items, branches and members': {
      code: flow(`
yield* childContext('a', function* () { Date.now() })
yield* map('b', order.items, (item) => step('x', () => item, { name: Date.now() }))
yield* race({ a: function* () { Date.now() }, late: { name: 'l', run: () => wait(Date.now()) } })
yield* all(order.items.map((item) => () => use(Date.now())))
yield* map(order.items, (item) => step(item), { itemName: () => String(Date.now()) })`),
      says: told('clock', 4, 5, 6, 6, 7, 8),
    },
    'members and helpers that are made outside of workflows': {
      code: `import * as perdure from 'perdure'
export const named = perdure.map([1], (item) => perdure.step(String(Date.now()), () => item))
export const many = (items) => items.map(function* () { yield* perdure.wait('1s'); Date.now() })`,
      says: told('clock', 2, 3),
    },
    'helpers that are delegated to, and what delegates to them': {
      code: `import { step } from 'perdure'
function* outer() { Date.now(); yield* middle() }
function* middle() { yield* step('a', () => 1); yield* inner() }
const inner = function* () { Date.now() }`,
      says: told('clock', 2, 4),
    },
    'functions that are called at once': {
      code: flow(`yield* step('a', () => 1)
order.items.map((item) => [item, Date.now()])
;(() => { Date.now() })()
Array.from(order.items, () => ({ at: new Date() }))`),
      says: told('clock', 4, 5, 6),
    },
    'plain functions of the file, where the workflow calls them': {
      code: `import { step } from 'perdure'
const dates = { today: () => new Date() }
function stamp(text) { return label(text) }
function label(text) { return text + Date.now() }
function* flow() {
  yield* step('fine', () => stamp('a'))
  stamp('b')
  dates.today()
}`,
      says: told('clock', 7, 8),
    },
    'packages that read it': {
      code: `import dayjs from 'dayjs'
import { DateTime } from 'luxon'
import { wait } from 'perdure'
function* flow(day) {
  yield* wait('1s')
  dayjs(day)
  dayjs()
  DateTime.now()
}`,
      says: told('clock', 7, 8),
    },
    'workflows that are object and class members': {
      code: `import { wait } from 'perdure'
export const flows = { *a() { yield* wait('1s'); Date.now() } }
export class Flows { *b() { yield* wait('1s'); Date.now() } }`,
      says: told('clock', 2, 3),
    },
  },
})

judgeTyped('no-clock', {
  good: {
    'a step behind an assertion': `
import { step } from 'perdure'
function* flow() { return (yield* step<number>('a', (() => Date.now()) as () => number)!) }`,
    'a generator of anything else': `
import type { Operation } from 'perdure'
function* ticks(): Generator<number> { yield Date.now() }
export type T = Operation<number>`,
  },
  bad: {
    'workflows by their types': {
      code: `import type { Coroutine, Operation, Workflow, WorkflowContext } from 'perdure'
import type * as perdure from 'perdure'
function* a(): Coroutine<number> { return Date.now() }
function* b(): Generator<Operation<unknown>, number> { return Date.now() }
function* c(_: string, { log }: WorkflowContext) { return Date.now() }
const d: Workflow<string, number> = function* () { return Date.now() }
const e = function* () { return Date.now() } satisfies Workflow
function* f(): perdure.Coroutine<number> { return Date.now() }`,
      says: told('clock', 3, 4, 5, 6, 7, 8),
    },
    'the clock behind assertions': {
      code: `import p = require('perdure')
function* flow() {
  yield* p.wait('1s')
  return (Date as DateConstructor)!.now() satisfies number
}`,
      says: told('clock', 4),
    },
  },
})
