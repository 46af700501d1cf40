import { expect } from 'chai'
import {
  all,
  allSettled,
  any,
  childContext,
  fork,
  map,
  parallel,
  race,
  saga,
  step,
  type Coroutine,
  type Member,
} from '../../lib/index.ts'
import { Stage } from '../support/stage.ts'

const seven = () => step('seven', () => 7)
function* body() {
  return yield* seven()
}

/** Everything that may stand where a body is asked for. */
const members: Record<string, () => Coroutine<Member<number>>> = {
  *'a generator function'() {
    return body
  },
  *'a function that returns an operation'() {
    return seven
  },
  *'an operation'() {
    return seven()
  },
  *'a generator object'() {
    return body()
  },
  *'a task'() {
    return yield* fork(body)
  },
}

/** Every place where a body is asked for. */
const places: Record<string, (member: Member<number>) => Coroutine<unknown>> = {
  *childContext(member) {
    return yield* childContext(member)
  },
  *'a virtual childContext'(member) {
    return yield* childContext(member, { virtual: true })
  },
  *saga(member) {
    return yield* saga(member)
  },
  *fork(member) {
    return yield* yield* fork(member)
  },
  *parallel(member) {
    return (yield* parallel([member])).results()[0]
  },
  *'a flat parallel'(member) {
    return (yield* parallel({ it: { name: 'x', run: member } }, { nesting: 'flat' })).named.it
  },
  *map(member) {
    const run = () => (typeof member === 'function' ? member() : member)
    return (yield* map(['item'], run)).results()[0]
  },
  *all(member) {
    return (yield* all([member]))[0]
  },
  *allSettled(member) {
    const { it } = yield* allSettled({ it: member })
    return it.status === 'fulfilled' ? it.value : it.reason
  },
  *any(member) {
    return yield* any([member])
  },
  *race(member) {
    return (yield* race({ it: member })).value
  },
}

describe('what fits as a body', () => {
  for (const [place, put] of Object.entries(places)) {
    for (const [what, make] of Object.entries(members)) {
      it(`is run in ${place}, at first and on a replay: ${what}`, () => {
        const workflow = function* () {
          return yield* put(yield* make())
        }
        const first = new Stage(workflow).finish()
        const replay = new Stage(workflow, { ledger: first.ledger })

        expect(first.take().at(-1)).to.equal('returned 7')
        expect(replay.take()).to.deep.equal(['returned 7'])
      })
    }
  }

  it('may be the workflow itself', () => {
    expect(new Stage(seven as never).finish().take().at(-1)).to.equal('returned 7')
  })
})
