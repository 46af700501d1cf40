import { flow, judge, told } from './judge.ts'

judge('no-late-capture', {
  good: {
    'variables that each round has of its own': flow(`
const copies = []
for (let i = 0; i < 3; i++) copies.push(step('a', () => i))
for (const item of order.items) copies.push(step('b', () => item))
for (const key in order) copies.push(function* () { yield* step('c', () => key) })
let page = 1
while (page < 3) {
  const now = page
  copies.push(step('d', () => now))
  page += 1
}
yield* all(copies)`),
    'what is read while it is built': flow(`
const copies = []
let page = 1
while (page < 3) {
  copies.push(step('copy ' + page, load), childContext(loader(page)))
  page++
}
yield* all(copies)`),
    'variables that no loop changes': flow(`
let total = 0
const copies = []
for (const item of order.items) copies.push(step('a', () => item + total))
total = 1
yield* all(copies)`),
    'what is yielded at once': flow(`
let page = 1
const done = []
while (page < 3) {
  const one = step('a', () => page)
  yield* one
  done.push(yield* step('b', () => page))
  page++
}`),
    'lists that each round has of its own': flow(`
let page = 1
while (page < 3) {
  const copies = []
  copies.push(step('a', () => page))
  yield* all(copies)
  page++
}`),
    'what is set once': flow(`
let region
const copies = []
for (const item of order.items) {
  region ??= yield* step('region', () => 1)
  copies.push(step('a', () => send(region, item)))
}
yield* all(copies)`),
    'variables that the collected code has of its own': flow(`
const copies = []
for (const item of order.items) {
  copies.push(function* () {
    let total = 0
    for (const part of item) total += yield* step('a', () => part + total)
    return total
  })
}
yield* all(copies)`),
    'code that is no workflow': `
import { step } from 'perdure'
const made = []
let n = 0
while (n < 3) { made.push(() => step('a', () => n)); n++ }`,
  },
  bad: {
    'variables that all rounds share': {
      code: flow(`const copies = []
let page = 1, item, last
while (page < 3) {
  copies.push(step('a', () => load(page)))
  page += 1
}
for (item of order.items) copies.push(step('b', () => item))
for (const one of order.items) {
  last = one
  copies.unshift(childContext(() => step('c', () => last)))
}
for (var i = 0; i < 3; i++) copies.push(step('d', () => i))
yield* all(copies)`),
      says: told('late', 6, 9, 12, 14),
    },
    'functions that build operations': {
      code: flow(`const copies = []
let page = 1
do {
  copies.push(function* () {
    yield* step('a', () => load(page))
  }, () => wait(page))
  page++
} while (page < 3)
yield* all(copies)`),
      says: told('late', 7, 8),
    },
    'how a step is undone': {
      code: flow(`const copies = []
let page = 1
for (;;) {
  copies.push(step('a', load, { compensate: () => unload(page) }))
  if (page++ > 3) break
}
yield* all(copies)`),
      says: told('late', 6),
    },
    'loops around the loop': {
      code: flow(`const copies = []
let page = 1
while (page < 3) {
  for (const item of order.items) copies.push(step('a', () => load(page, item)))
  page++
}
yield* all(copies)`),
      says: told('late', 6),
    },
  },
})
