import { expect } from 'chai'

import { parseRequirement } from './requirement.ts'

const source = { id: '1-1', suite: 'step', file: 'step/1-1.yaml' }

const whole = `
---
# 1.1: a comment
description: A step
  that greets
handler: |
  prose
optional: true
AsyncInvoke: true
Variables:
  NAME: \${GEN_STR:8}
Input:
  n: 1
ExpectedResult:
  ExecutionStatus: SUCCEEDED
  Result:
CallbackActions:
  - CallbackName: '*'
    Operation: heartbeat
    Delay: 2
ExpectedExecutionHistory:
  - EventType: StepStarted
    EventId: 2
ExpectedLogs:
  - match:
      n: 1
    min_count: 1
    after:
      - hook: start
    before:
      hook: end
`

describe('a requirement file', () => {
  it('is read with all that it says', () => {
    expect(parseRequirement(whole, source)).to.deep.equal({
      id: '1-1',
      suite: 'step',
      file: 'step/1-1.yaml',
      title: 'A step that greets',
      optional: true,
      async: true,
      variables: { NAME: '${GEN_STR:8}' },
      input: { n: 1 },
      result: { ExecutionStatus: 'SUCCEEDED', Result: null },
      history: [{ EventType: 'StepStarted', EventId: 2 }],
      logs: [
        {
          match: { n: 1 },
          count: undefined,
          minCount: 1,
          before: [{ hook: 'end' }],
          after: [{ hook: 'start' }],
        },
      ],
      callbackActions: [{ CallbackName: '*', Operation: 'heartbeat', Delay: 2 }],
    })
  })

  it('may leave out nearly everything', () => {
    const text = 'Input:\nExpectedExecutionHistory:\n  - EventId: 2\n'

    expect(parseRequirement(text, source)).to.deep.equal({
      id: '1-1',
      suite: 'step',
      file: 'step/1-1.yaml',
      title: '1-1',
      optional: false,
      async: false,
      variables: {},
      input: null,
      history: [{ EventId: 2 }],
      logs: [],
      callbackActions: [],
    })
  })

  const unreadable = [
    ['no mapping', '- a\n- b\n', 'step/1-1.yaml is no requirement: expected its content to be'],
    ['no YAML', 'a: [1', 'step/1-1.yaml is no requirement: '],
    [
      'an operation nobody knows',
      'CallbackActions:\n  - Operation: shrug\n',
      'expected CallbackActions.0.Operation to be enums, got "shrug"',
    ],
    [
      'a log expectation that matches nothing',
      'ExpectedLogs:\n  - count: 1\n',
      'expected ExpectedLogs.0.match to be record, got undefined',
    ],
    [
      'an order that is no matcher',
      'ExpectedLogs:\n  - match: {}\n    after: [1]\n',
      'step/1-1.yaml is no requirement: expected 0 to be record, got 1',
    ],
  ] as const
  for (const [title, text, message] of unreadable) {
    it(`is refused by name where it holds ${title}`, () => {
      expect(() => parseRequirement(text, source)).to.throw(message)
    })
  }
})
