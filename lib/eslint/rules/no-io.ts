import { methodOf, type Code } from '../code.ts'
import { calledBy, effectsIn, wordOf } from '../effects.ts'
import { isAnswerOf } from '../operations.ts'
import { rule } from '../rule.ts'
import { parentOf, wrapped, type SyntaxOf } from '../syntax.ts'

const requests: ReadonlySet<string> = new Set([
  'EventSource',
  'WebSocket',
  'XMLHttpRequest',
  'fetch',
  'navigator.sendBeacon',
])
const timers: ReadonlySet<string> = new Set([
  'process.nextTick',
  'queueMicrotask',
  'scheduler.wait',
  'setImmediate',
  'setInterval',
  'setTimeout',
])
const surroundings: ReadonlySet<string> = new Set(['process.cwd', 'process.memoryUsage'])

/** Modules of Node and packages by which a program reaches outside of itself. */
const outward: readonly string[] = [
  'axios',
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'fs',
  'fs-extra',
  'got',
  'http',
  'http2',
  'https',
  'ky',
  'net',
  'node-fetch',
  'os',
  'readline',
  'tls',
  'undici',
  'worker_threads',
]

export const noIo = rule({
  description: 'Workflow code reaches outside by steps only.',
  messages: {
    io:
      '`{{what}}` reaches outside from workflow code, so every replay does it again. ' +
      "Put it in a step: `yield* step('name', () => …)`.",
    callback:
      '`{{what}}` hands out a callback from workflow code, so every replay hands it out again. ' +
      'Put it in a step, or use `waitForCallback`.',
    timer:
      '`{{what}}` does not survive a suspension, and every replay starts it again. ' +
      "Use `yield* wait('30s')`.",
    environment:
      '`{{what}}` may have changed when the workflow is replayed. Read it in a step, hand it in ' +
      'with the input, or keep it in a constant outside of the workflow.',
  },
  meta: {
    schema: [
      {
        type: 'object',
        properties: {
          modules: {
            type: 'array',
            items: { type: 'string' },
            description: 'Further modules that must not be called from workflow code.',
          },
        },
        additionalProperties: false,
      },
    ],
  },
  check(code, options) {
    const { modules = [] } = (options ?? {}) as { modules?: readonly string[] }
    const banned = [...outward, ...modules]
    return effectsIn(code, (node) => {
      if (node.type === 'MemberExpression') {
        return readsEnvironment(code, node) ? 'environment' : undefined
      }
      if (handsOutCallback(code, node)) return 'callback'
      const called = calledBy(node, code)
      if (called === undefined) return undefined
      if (timers.has(called)) return 'timer'
      if (surroundings.has(called)) return 'environment'
      const module = code.names.originOf(node.callee)?.module
      if (module === 'perdure') return undefined
      const isBanned = banned.some((one) => module === one || module?.startsWith(`${one}/`))
      return isBanned || requests.has(called) ? 'io' : undefined
    })
  },
})

const tells: ReadonlySet<string> = new Set(['debug', 'error', 'info', 'log', 'push', 'warn'])

/** A statement that does nothing but call something with the id of a callback: a submitter. */
function handsOutCallback(code: Code, node: SyntaxOf<'CallExpression' | 'NewExpression'>): boolean {
  if (node.type !== 'CallExpression' || code.builderOf(node)) return false
  if (parentOf(wrapped(node))?.type !== 'ExpressionStatement') return false
  if (tells.has(methodOf(node) ?? '')) return false
  return node.arguments.some((one) => isAnswerOf(code, one, 'createCallback', 'id'))
}

/** `process.env.X`, and `process.env` as a whole. */
function readsEnvironment(code: Code, node: SyntaxOf<'MemberExpression'>): boolean {
  if (wordOf(code.names.originOf(node.object)) === 'process.env') return true
  if (wordOf(code.names.originOf(node)) !== 'process.env') return false
  return parentOf(wrapped(node))?.type !== 'MemberExpression'
}
