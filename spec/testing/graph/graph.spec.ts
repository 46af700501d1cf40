import { expect } from 'chai'
import { all, fork, race, step, wait, waitForCondition } from 'perdure'
import { graph, stepThrough, type Choices } from 'perdure/testing'
import { checkout } from '../../../samples/checkout.ts'
import { deliver } from '../../../samples/deadline.ts'
import { publish } from '../../../samples/fan-out.ts'
import { bookTrip } from '../../../samples/trip.ts'

const order = { id: 'order-17', amount: 42 }
const payment = { id: 'pay-1', amount: 42 }
const anything = () => undefined
const never = (): never => {
  throw new Error('no body runs in a graph')
}

const choices: Choices = {
  charge: [{ succeed: payment }],
  approve: [{ succeed: { ok: true } }, { succeed: { ok: false } }, 'timeout'],
  shipping: [{ succeed: { tracking: 't' } }, { fail: new Error('no "boxes" <left>') }],
}

const drawn = `flowchart TD
  n0(("start"))
  n1["step #quot;charge#quot;"]
  n2("wait #quot;cooling-off#quot;")
  n3[/"waitForCallback #quot;approve#quot;"/]
  n4[["invoke #quot;shipping#quot;"]]
  n5["step #quot;refund#quot;"]
  n6(["returned"])
  n7["step #quot;refund#quot;"]
  n0 --> n1
  n1 --> n2
  n2 --> n3
  n3 -->|"{#quot;ok#quot;:true}"| n4
  n3 -->|"{#quot;ok#quot;:false}, timeout"| n5
  n4 -->|"{#quot;tracking#quot;:#quot;t#quot;}"| n6
  n4 -->|"fails: no #quot;boxes#quot; #lt;left#gt;"| n7
  n7 --> n6
  n5 --> n6
`

/** Ways of a graph in words, `charge > refund`. */
function ways(mermaid: string): string[] {
  const words = new Map(
    [...mermaid.matchAll(/^ *(n\d+)[^\w ]+"(.*?)"[^"]*$/gm)].map(([, id, label = '']) => [
      id,
      /#quot;(.*)#quot;/.exec(label)?.[1] ?? label,
    ]),
  )
  const found = [...mermaid.matchAll(/^ *(n\d+) -->(?:\|.*\|)? (n\d+)$/gm)]
  return found.map(([, from, to]) => `${words.get(from) ?? '?'} > ${words.get(to) ?? '?'}`)
}

describe('the graph of a workflow', () => {
  it('has the operations that it reaches over the declared answers', () => {
    const { mermaid, isComplete, unused } = graph(checkout, { input: order, choices })

    expect(mermaid).to.equal(drawn)
    expect({ isComplete, unused }).to.deep.equal({ isComplete: true, unused: [] })
  })

  it('marks what an execution has been through', () => {
    const history = stepThrough(checkout, { input: order })
      .succeed(payment)
      .next()
      .timeout()
      .succeed().records
    const { mermaid, missing } = graph(checkout, { choices, history })

    expect(mermaid).to
      .equal(`${drawn}  classDef visited fill:#d3f0d8,stroke:#2b7a3d,stroke-width:2px
  class n0,n1,n2,n3,n5,n6 visited
  linkStyle 0,1,2,4,8 stroke:#2b7a3d,stroke-width:2px
`)
    expect(missing).to.deep.equal([])
  })

  it('says which operations of an execution no declared answer leads to', () => {
    const history = stepThrough(checkout, { input: order })
      .succeed(payment)
      .next()
      .timeout().records
    const { mermaid, missing } = graph(checkout, {
      history,
      choices: { ...choices, approve: [{ succeed: { ok: true } }], shipping: [{ succeed: {} }] },
    })

    expect(missing).to.deep.equal(['4 refund'])
    expect(mermaid).to.include('%% Not reached by these choices: 4 refund')
  })

  it('puts contexts around their operations, and lets each member of a race be first', () => {
    const neighbours = ['Ada']
    const answers = { Ada: [{ succeed: { takes: true } }, { succeed: { takes: false } }] }
    const { mermaid } = graph(deliver, { input: { id: 'p', neighbours }, choices: answers })

    expect(mermaid).to.include(`  subgraph c1["ask Ada"]
    subgraph c1_1["answer"]
      n1[/"waitForCallback #quot;Ada#quot;"/]
    end
    subgraph c1_2["evening"]
      n2("wait #quot;evening#quot;")
    end
  end
`)
    expect(ways(mermaid)).to.deep.equal([
      'start > Ada',
      'start > evening',
      'Ada > hand over',
      'Ada > store',
      'evening > store',
      'hand over > returned',
      'store > returned',
    ])
  })

  it('leads from all branches to what comes after them', () => {
    const { mermaid } = graph(function* () {
      yield* all('both', [step('a', anything), step('b', anything)])
      yield* step('c', anything)
    })

    expect(ways(mermaid)).to.have.members([
      'start > a',
      'start > b',
      'a > c',
      'b > c',
      'c > returned',
    ])
  })

  it('has what undoes steps', () => {
    const { mermaid } = graph(bookTrip, {
      input: { city: 'Venice', nights: 3 },
      choices: {
        hotel: [{ succeed: 'H' }, { fail: new Error('full') }],
        car: [{ succeed: 'C' }, { fail: 'x' }],
      },
    })

    expect(ways(mermaid)).to.include.members(['car > flight', 'flight > hotel', 'hotel > returned'])
    expect(mermaid).to.include('compensation of #quot;hotel#quot;')
  })

  it('has every kind of end', () => {
    const { mermaid } = graph(
      function* () {
        yield* step('a', anything)
      },
      { choices: { a: [{ succeed: 1 }, { fail: new Error('full') }] } },
    )

    expect(mermaid).to.include('(["returned"])')
    expect(mermaid).to.include('(["threw STEP_FAILED"])')
  })

  it('finds what depends on which branch comes first, where one may fail', () => {
    const { mermaid } = graph(
      function* () {
        yield* all({ a: step('a', anything, { compensate: anything }), b: step('b', anything) })
      },
      { choices: { b: [{ fail: new Error('b') }] } },
    )

    expect(ways(mermaid)).to.include.members(['b > a', 'b > threw STEP_FAILED'])
  })

  it('goes through a poll once with each of its answers', () => {
    const { mermaid, isComplete } = graph(
      function* () {
        yield* waitForCondition('done', (state: number) => state, {
          initialState: 0,
          strategy: (state) => (state === 0 ? '1m' : false),
        })
      },
      { choices: { done: [{ succeed: 0 }, { succeed: 1 }] } },
    )

    expect(ways(mermaid)).to.deep.equal(['start > done', 'done > done', 'done > returned'])
    expect(isComplete).to.equal(true)
  })

  it('goes once only through what several runs come to, so that branches do not multiply', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const { isComplete, runs } = graph(
      function* () {
        yield* all(names.map((name) => step(name, anything)))
      },
      {
        choices: Object.fromEntries(names.map((name) => [name, [{ succeed: 1 }, { fail: 'no' }]])),
      },
    )

    expect(isComplete).to.equal(true)
    expect(runs).to.be.below(200)
  })

  it('lets a task go on before and after what it was forked beside', () => {
    const { mermaid, hasAllOrders } = graph(function* () {
      const task = yield* fork('task', function* () {
        yield* step('a', anything)
        yield* step('b', anything)
      })
      yield* step('main', anything)
      yield* task.cancel()
      yield* step('last', anything)
    })

    expect(ways(mermaid)).to.include.members(['a > b', 'main > last', 'b > last'])
    expect(hasAllOrders).to.equal(true)
  })

  it('finds what is reached only where a later branch comes first', () => {
    const { mermaid } = graph(function* () {
      const arrived: string[] = []
      const ask = (name: string) =>
        function* () {
          yield* step(name, anything)
          arrived.push(name)
        }
      yield* all([ask('a'), ask('b'), ask('c')])
      yield* step(arrived.join(' '), anything)
    })

    const orders = ['a b c', 'a c b', 'b a c', 'b c a', 'c a b', 'c b a']
    expect(orders.filter((order) => mermaid.includes(order))).to.deep.equal(orders)
  })

  it('lets no longer wait end before a shorter one', () => {
    const { mermaid, hasAllOrders } = graph(function* () {
      yield* race({ day: wait('day', '1d'), hour: wait('hour', '1h') })
      yield* all([wait('two', '2h'), wait('one', '1h')])
    })

    expect(ways(mermaid)).to.have.members([
      'start > day',
      'start > hour',
      'hour > two',
      'hour > one',
      'one > returned',
      'two > returned',
    ])
    expect(hasAllOrders).to.equal(true)
  })

  it('says when there are more orders than it may try', () => {
    const { mermaid, isComplete, hasAllOrders } = graph(
      function* () {
        yield* all(Array.from({ length: 8 }, (_, index) => step(`s${index}`, anything)))
      },
      { maxOrders: 10 },
    )

    expect({ isComplete, hasAllOrders }).to.deep.equal({ isComplete: true, hasAllOrders: false })
    expect(mermaid).to.include('%% Not every order of what waits side by side was tried')
  })

  it('takes two runs for one only where all they have come to is the same', () => {
    function* workflow() {
      const first = yield* step<string>('first', never as () => string)
      yield* step('second', anything)
      yield* step(`after ${first}`, anything)
    }
    const { mermaid } = graph(workflow, {
      choices: { first: [{ succeed: 'x' }, { succeed: 'y' }, { fail: new Error('z') }] },
    })

    expect(mermaid).to.include('after x').and.to.include('after y')
  })

  it('draws every answer, also where two of them come to the same', () => {
    const serdes = { serialize: () => 'x', deserialize: () => 1 }
    const { mermaid } = graph(
      function* () {
        yield* all([step<number>('a', never, { serdes }), step('b', anything)])
        yield* step('c', anything)
      },
      { choices: { a: [{ succeed: 1 }, { succeed: 2 }] }, maxOrders: 0 },
    )

    expect(mermaid).to.include('-->|"1, 2"|')
  })

  it('says when it was cut', () => {
    function* endless() {
      for (let turn = 1; ; turn++) yield* race([step(`turn ${turn}`, anything), wait('1d')])
    }
    const { mermaid, isComplete } = graph(endless, { maxRuns: 5, maxAnswers: 10 })

    expect(isComplete).to.equal(false)
    expect(mermaid).to.match(
      /%% Cut: \d+ runs of at most 10 answers were made, and there are more\./,
    )
    expect(mermaid).to.include('(("..."))')
  })

  it('says which choices nothing asked for, and refuses those that are none', () => {
    const choices = { charge: [{ succeed: payment }], aprove: [{ succeed: {} }] }

    expect(graph(checkout, { input: order, choices }).unused).to.deep.equal(['aprove'])
    for (const wrong of [[], [{ success: 1 }], { succeed: 1 }]) {
      expect(() => graph(checkout, { choices: { charge: wrong as never } })).to.throw(
        '`choices.charge`',
      )
    }
  })

  it('is the same text every time', () => {
    const input = { title: 'T', languages: ['de', 'fr'] }
    const answers: Choices = { translate: [{ succeed: 'x' }, { fail: new Error('no') }] }
    const draw = () => graph(publish, { input, choices: answers }).mermaid

    expect(draw()).to.equal(draw())
  })
})
