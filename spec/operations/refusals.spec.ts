import { expect } from 'chai'
import {
  all,
  allSettled,
  any,
  childContext,
  createCallback,
  fork,
  invoke,
  map,
  parallel,
  race,
  saga,
  step,
  version,
  wait,
  waitForCallback,
  waitForCondition,
} from '../../lib/index.ts'
import { refusal } from '../support/refusal.ts'

const fn = () => 1
const each = () => step(fn)
const withHole = Object.assign(new Array<unknown>(3), { 0: each, 2: each })
const condition = { initialState: 0, strategy: () => false as const }
const aDuration = "a duration such as '30s', '5m', '2h', '7d' or { hours: 2 }"
const long = 'x'.repeat(257)

/** What a program without types may do. */
type Loose = (...args: unknown[]) => unknown
const loose = (builder: unknown) => builder as Loose

const table: [string, () => unknown, string][] = [
  [
    'step',
    () => step('', fn),
    '`name` to be 1 to 256 printable ASCII characters, got "" (string).',
  ],
  [
    'step',
    () => step('né', fn),
    '`name` to be 1 to 256 printable ASCII characters, got "né" (string).',
  ],
  [
    'step',
    () => step('a\nb', fn),
    '`name` to be 1 to 256 printable ASCII characters, got "a\\nb" (string).',
  ],
  [
    'step',
    () => step(long, fn),
    `\`name\` to be 1 to 256 printable ASCII characters, got "${'x'.repeat(57)}..." (string).`,
  ],
  [
    'step',
    () => loose(step)(5, fn),
    '`name` to be 1 to 256 printable ASCII characters, got 5 (number).',
  ],
  ['step', () => loose(step)('n'), '`fn` to be a function, got undefined.'],
  ['step', () => loose(step)('n', { fn }), '`fn` to be a function, got {} (object).'],
  ['step', () => loose(step)('n', fn, 'x'), '`options` to be an object, got "x" (string).'],
  ['step', () => loose(step)('n', fn, null), '`options` to be an object, got null.'],
  [
    'step',
    () => step(fn, { semantics: 'exactly-once' as never }),
    "`semantics` to be 'at-least-once' or 'at-most-once', got \"exactly-once\" (string).",
  ],
  [
    'step',
    () => step(fn, { retry: '5s' as never }),
    '`retry` to be a function, got "5s" (string).',
  ],
  [
    'step',
    () => step(fn, { timeout: '0.5s' }),
    '`timeout` to be at least one second, got "0.5s" (string).',
  ],
  ['step', () => step(fn, { timeout: null as never }), `\`timeout\` to be ${aDuration}, got null.`],
  [
    'step',
    () => step(fn, { serdes: { serialize: fn } as never }),
    '`serdes` to be an object with serialize and deserialize, got {} (object).',
  ],
  [
    'step',
    () => step(fn, { schema: {} as never }),
    '`schema` to be an object with create, got {} (object).',
  ],
  [
    'step',
    () => step(fn, { schema: null as never }),
    '`schema` to be an object with create, got null.',
  ],
  [
    'step',
    () => step(fn, { errors: Error as never }),
    '`errors` to be an array of error classes, got Error (function).',
  ],
  [
    'step',
    () => step(fn, { errors: ['Error' as never] }),
    '`errors` to be an array of error classes, got an array of 1.',
  ],
  ['wait', () => wait('0s'), '`duration` to be at least one second, got "0s" (string).'],
  [
    'wait',
    () => wait('n', '367d'),
    '`duration` to be at most 31622400 seconds, got "367d" (string).',
  ],
  ['wait', () => loose(wait)(), `\`duration\` to be ${aDuration}, got undefined.`],
  ['wait', () => loose(wait)('n'), `\`duration\` to be ${aDuration}, got "n" (string).`],
  [
    'wait',
    () => wait('ü', '1s'),
    '`name` to be 1 to 256 printable ASCII characters, got "ü" (string).',
  ],
  [
    'createCallback',
    () => createCallback({ timeout: '0s' }),
    '`timeout` to be at least one second, got "0s" (string).',
  ],
  [
    'createCallback',
    () => createCallback({ heartbeatTimeout: { days: 2000 } }),
    '`heartbeatTimeout` to be at most 99999999 seconds, got {"days":2000} (object).',
  ],
  [
    'createCallback',
    () => createCallback('n', { serdes: {} as never }),
    '`serdes` to be an object with deserialize, got {} (object).',
  ],
  ['createCallback', () => loose(createCallback)(null), '`options` to be an object, got null.'],
  [
    'waitForCallback',
    () => loose(waitForCallback)('n'),
    '`submit` to be a function, got undefined.',
  ],
  [
    'waitForCallback',
    () => waitForCallback(fn, { timeout: 'soon' as never }),
    `\`timeout\` to be ${aDuration}, got "soon" (string).`,
  ],
  [
    'waitForCallback',
    () => waitForCallback(fn, { retry: {} as never }),
    '`retry` to be a function, got {} (object).',
  ],
  [
    'invoke',
    () => invoke(''),
    '`functionName` to be the name or ARN of a function, got "" (string).',
  ],
  [
    'invoke',
    () => loose(invoke)(),
    '`functionName` to be the name or ARN of a function, got undefined.',
  ],
  [
    'invoke',
    () => invoke('f', 1, { name: '' }),
    '`name` to be 1 to 256 printable ASCII characters, got "" (string).',
  ],
  [
    'invoke',
    () => invoke('f', 1, { tenantId: 'a#b' }),
    '`tenantId` to be 1 to 256 of the characters a-z A-Z 0-9 ._:/=+-@, got "a#b" (string).',
  ],
  [
    'invoke',
    () => invoke('f', 1, { inputSerdes: {} as never }),
    '`inputSerdes` to be an object with serialize, got {} (object).',
  ],
  [
    'invoke',
    () => invoke('f', 1, { resultSerdes: {} as never }),
    '`resultSerdes` to be an object with deserialize, got {} (object).',
  ],
  [
    'waitForCondition',
    () => loose(waitForCondition)(fn),
    '`options` to be an object with initialState and strategy, got undefined.',
  ],
  [
    'waitForCondition',
    () => waitForCondition(fn, { ...condition, initialState: undefined as never }),
    '`initialState` to be a value (null will do), got undefined.',
  ],
  [
    'waitForCondition',
    () => waitForCondition(fn, { initialState: 1 } as never),
    '`strategy` to be a function, got undefined.',
  ],
  [
    'waitForCondition',
    () => waitForCondition('n', 1 as never, condition),
    '`check` to be a function, got 1 (number).',
  ],
  [
    'waitForCondition',
    () => waitForCondition(fn, { ...condition, timeout: '0s' }),
    '`timeout` to be at least one second, got "0s" (string).',
  ],
  [
    'childContext',
    () => loose(childContext)('n'),
    '`body` to be a generator function, an operation or a generator, got undefined.',
  ],
  [
    'childContext',
    () => loose(childContext)('n', [1]),
    '`body` to be a generator function, an operation or a generator, got an array of 1.',
  ],
  [
    'childContext',
    () => loose(childContext)(Promise.resolve()),
    '`body` to be a generator function, an operation or a generator, got a Promise.',
  ],
  [
    'childContext',
    () => childContext(() => step(fn), { mapError: 'x' as never }),
    '`mapError` to be a function, got "x" (string).',
  ],
  [
    'childContext',
    () => childContext(() => step(fn), { summarize: 1 as never }),
    '`summarize` to be a function, got 1 (number).',
  ],
  [
    'childContext',
    () => childContext(() => step(fn), { serdes: { deserialize: fn } as never }),
    '`serdes` to be an object with serialize and deserialize, got {} (object).',
  ],
  ['map', () => loose(map)('n'), '`items` to be an array, got undefined.'],
  ['map', () => loose(map)('n', new Set([1]), each), '`items` to be an array, got a Set.'],
  [
    'map',
    () => loose(map)('n', step(fn), each),
    '`items` to be an array, not the operation that makes it, got a StepOperation.',
  ],
  ['map', () => loose(map)([1]), '`fn` to be a function, got undefined.'],
  ['map', () => loose(map)('n', [1], step(fn)), '`fn` to be a function, got a StepOperation.'],
  [
    'map',
    () => map('', [1], each),
    '`name` to be 1 to 256 printable ASCII characters, got "" (string).',
  ],
  ['map', () => loose(map)([1], each, 'x'), '`options` to be an object, got "x" (string).'],
  [
    'map',
    () => map([1], each, { maxConcurrency: 0 }),
    '`maxConcurrency` to be an integer from 1 up, got 0 (number).',
  ],
  [
    'map',
    () => map([1], each, { maxConcurrency: NaN }),
    '`maxConcurrency` to be an integer from 1 up, got NaN (number).',
  ],
  [
    'map',
    () => map([1], each, { maxConcurrency: 1.5 }),
    '`maxConcurrency` to be an integer from 1 up, got 1.5 (number).',
  ],
  [
    'map',
    () => map([1], each, { itemName: 'x' as never }),
    '`itemName` to be a function, got "x" (string).',
  ],
  [
    'map',
    () => map([1], each, { batch: { items: 0 } }),
    '`batch.items` to be an integer from 1 up, got 0 (number).',
  ],
  [
    'map',
    () => map([1], each, { batch: { bytes: -1 } }),
    '`batch.bytes` to be an integer from 1 up, got -1 (number).',
  ],
  [
    'map',
    () => map([1], each, { batch: {} }),
    '`batch` to be an object with items, bytes or both, got {} (object).',
  ],
  [
    'map',
    () => map([1], each, { batch: 5 as never }),
    '`batch` to be an object with items, bytes or both, got 5 (number).',
  ],
  [
    'map',
    () => map([1], each, { batch: null as never }),
    '`batch` to be an object with items, bytes or both, got null.',
  ],
  [
    'parallel',
    () => parallel([each], { maxConcurrency: -1 }),
    '`maxConcurrency` to be an integer from 1 up, got -1 (number).',
  ],
  [
    'parallel',
    () => parallel([each], { completion: null as never }),
    '`completion` to be an object of limits or a function, got null.',
  ],
  [
    'parallel',
    () => parallel([each], { completion: 'all' as never }),
    '`completion` to be an object of limits or a function, got "all" (string).',
  ],
  [
    'parallel',
    () => parallel([each], { completion: { minSuccessful: 0 } }),
    '`completion.minSuccessful` to be an integer from 1 up, got 0 (number).',
  ],
  [
    'parallel',
    () => parallel([each], { completion: { toleratedFailureCount: -1 } }),
    '`completion.toleratedFailureCount` to be an integer from 0 up, got -1 (number).',
  ],
  [
    'parallel',
    () => parallel([each], { completion: { toleratedFailureCount: NaN } }),
    '`completion.toleratedFailureCount` to be an integer from 0 up, got NaN (number).',
  ],
  [
    'parallel',
    () => parallel([each], { completion: { toleratedFailurePercentage: 101 } }),
    '`completion.toleratedFailurePercentage` to be a number from 0 to 100, got 101 (number).',
  ],
  [
    'parallel',
    () => parallel([each], { completion: { toleratedFailurePercentage: '5' as never } }),
    '`completion.toleratedFailurePercentage` to be a number from 0 to 100, got "5" (string).',
  ],
  [
    'parallel',
    () => parallel([each], { nesting: 'deep' as never }),
    "`nesting` to be 'nested' or 'flat', got \"deep\" (string).",
  ],
  [
    'parallel',
    () => parallel([each], { summarize: 1 as never }),
    '`summarize` to be a function, got 1 (number).',
  ],
  [
    'parallel',
    () => parallel([each], { serdes: { serialize: fn } as never }),
    '`serdes` to be an object with serialize and deserialize, got {} (object).',
  ],
  [
    'parallel',
    () => parallel([each], { itemSerdes: { deserialize: fn } as never }),
    '`itemSerdes` to be an object with serialize and deserialize, got {} (object).',
  ],
  [
    'parallel',
    () => loose(parallel)('n'),
    '`branches` to be an array or an object of branches, got undefined.',
  ],
  [
    'parallel',
    () => loose(parallel)('n', 5),
    '`branches` to be an array or an object of branches, got 5 (number).',
  ],
  [
    'parallel',
    () => loose(parallel)(step(fn)),
    '`branches` to be an array or an object of branches, got a StepOperation.',
  ],
  [
    'parallel',
    () => loose(parallel)([each, 5]),
    '`branches.1` to be an operation, a body, or { name, run }, not its result, got 5 (number).',
  ],
  [
    'parallel',
    () => loose(parallel)(withHole),
    '`branches.1` to be an operation, a body, or { name, run }, not its result, got undefined.',
  ],
  [
    'parallel',
    () => loose(parallel)({ a: { name: 'x' } }),
    '`branches.a` to be an operation, a body, or { name, run }, not its result, got {"name":"x"} (object).',
  ],
  [
    'parallel',
    () => parallel([{ name: '', run: each }]),
    '`name` to be 1 to 256 printable ASCII characters, got "" (string).',
  ],
  [
    'parallel',
    () => parallel({ é: each }),
    '`name` to be 1 to 256 printable ASCII characters, got "é" (string).',
  ],
  [
    'all',
    () => loose(all)(),
    '`members` to be an array or an object of operations and bodies, got undefined.',
  ],
  [
    'all',
    () => loose(all)('n', null),
    '`members` to be an array or an object of operations and bodies, got null.',
  ],
  [
    'all',
    () => loose(all)(step(fn)),
    '`members` to be an array or an object of operations and bodies, got a StepOperation.',
  ],
  [
    'all',
    () => loose(all)(new Set([each])),
    '`members` to be an array or an object of operations and bodies, got a Set.',
  ],
  [
    'parallel',
    () => loose(parallel)(new Map([['a', each]])),
    '`branches` to be an array or an object of branches, got a Map.',
  ],
  [
    'all',
    () => all('', [each]),
    '`name` to be 1 to 256 printable ASCII characters, got "" (string).',
  ],
  [
    'allSettled',
    () => loose(allSettled)([each, 1]),
    '`members.1` to be an operation or a body, not its result, got 1 (number).',
  ],
  [
    'allSettled',
    () => loose(allSettled)(withHole),
    '`members.1` to be an operation or a body, not its result, got undefined.',
  ],
  [
    'any',
    () => loose(any)({ a: Promise.resolve() }),
    '`members.a` to be an operation or a body, not its result, got a Promise.',
  ],
  [
    'race',
    () => race([]),
    '`members` to be at least one, for a race of none never ends, got an array of 0.',
  ],
  [
    'race',
    () => race({}),
    '`members` to be at least one, for a race of none never ends, got {} (object).',
  ],
  [
    'fork',
    () => loose(fork)('n'),
    '`member` to be an operation or a body, not its result, got undefined.',
  ],
  [
    'fork',
    () => fork('', each),
    '`name` to be 1 to 256 printable ASCII characters, got "" (string).',
  ],
  [
    'saga',
    () => loose(saga)(5),
    '`body` to be a generator function or an operation, got 5 (number).',
  ],
  [
    'saga',
    () => saga('', each),
    '`name` to be 1 to 256 printable ASCII characters, got "" (string).',
  ],
  [
    'version',
    () => version('', { min: 1, max: 2 }),
    '`id` to be 1 to 60 of the characters a-z A-Z 0-9 - _, got "" (string).',
  ],
  [
    'version',
    () => version('a b', { min: 1, max: 2 }),
    '`id` to be 1 to 60 of the characters a-z A-Z 0-9 - _, got "a b" (string).',
  ],
  [
    'version',
    () => loose(version)('v', undefined),
    '`range` to be whole numbers min and max, min not above max, got undefined.',
  ],
  [
    'version',
    () => version('v', { min: 2, max: 1 }),
    '`range` to be whole numbers min and max, min not above max, got {"min":2,"max":1} (object).',
  ],
  [
    'version',
    () => version('v', { min: 1, max: 1.5 }),
    '`range` to be whole numbers min and max, min not above max, got {"min":1,"max":1.5} (object).',
  ],
]

describe('what no operation can be built of', () => {
  for (const [word, build, message] of table) {
    it(`is refused by ${word} at once: ${message}`, () => {
      expect(refusal(build)).to.deep.equal({
        code: 'INVALID_OPTION',
        message: `Expected ${message}`,
      })
    })
  }
})
