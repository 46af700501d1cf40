import { expect } from 'chai'

import { fitted } from '../../../lib/server/http/shape.ts'
import { checkpointBody, errorObject, listQuery } from '../../../lib/server/http/shapes.ts'

const update = { Id: '1', Type: 'STEP', Action: 'START' }
const checkpoint = (over: object) => () =>
  fitted({ CheckpointToken: 'dG9r', Updates: [update, { ...update, ...over }] }, checkpointBody)

describe('what does not fit its shape', () => {
  const cases: [title: string, refused: () => unknown, value: string, rest: string][] = [
    ['a missing token', () => fitted({}, checkpointBody), 'null', "'checkpointToken': not be null"],
    ['a missing id', checkpoint({ Id: null }), 'null', "'updates.2.member.id': not be null"],
    ['an id of no text', checkpoint({ Id: 7 }), "'7'", "'updates.2.member.id': be a string"],
    [
      'an empty name',
      checkpoint({ Name: '' }),
      "''",
      "'updates.2.member.name': have length greater than or equal to 1",
    ],
    [
      'a name that is too long',
      checkpoint({ Name: 'x'.repeat(257) }),
      `'${'x'.repeat(100)}...'`,
      "'updates.2.member.name': have length less than or equal to 256",
    ],
    [
      'an id of strange characters',
      checkpoint({ ParentId: 'a b' }),
      "'a b'",
      "'updates.2.member.parentId': satisfy regular expression pattern: ^[a-zA-Z0-9-_]+$",
    ],
    [
      'a type that there is not',
      checkpoint({ Type: 'NAP' }),
      "'NAP'",
      "'updates.2.member.type': satisfy enum value set: " +
        '[EXECUTION, CONTEXT, STEP, WAIT, CALLBACK, CHAINED_INVOKE]',
    ],
    [
      'a number of seconds that is not whole',
      checkpoint({ WaitOptions: { WaitSeconds: 1.5 } }),
      "'1.5'",
      "'updates.2.member.waitOptions.waitSeconds': be an integer",
    ],
    [
      'too many seconds',
      checkpoint({ StepOptions: { NextAttemptDelaySeconds: 31_622_401 } }),
      "'31622401'",
      "'updates.2.member.stepOptions.nextAttemptDelaySeconds': " +
        'have value less than or equal to 31622400',
    ],
    [
      'options that are a list',
      checkpoint({ CallbackOptions: [[]] }),
      'of 1 members',
      "'updates.2.member.callbackOptions': be a structure",
    ],
    [
      'a value that cannot be printed',
      checkpoint({ ContextOptions: { ReplayChildren: { toString: 5 } } }),
      'of a structure',
      "'updates.2.member.contextOptions.replayChildren': be a boolean",
    ],
    [
      'an error whose stack holds more than text',
      () => fitted({ StackTrace: ['a', 5] }, errorObject, 'error'),
      "'5'",
      "'error.stackTrace.2.member': be a string",
    ],
    [
      'a time that is none',
      () => fitted({ StartedAfter: new Date(NaN) }, listQuery),
      'of a structure',
      "'startedAfter': be a timestamp",
    ],
  ]
  for (const [title, refused, value, rest] of cases) {
    it(`is refused by its name: ${title}`, () => {
      const [where = '', constraint = ''] = rest.split(/: (.*)/)
      expect(refused).to.throw(
        `1 validation error detected: Value ${value} at ${where} failed to satisfy constraint: ` +
          `Member must ${constraint}`,
      )
    })
  }
})

describe('what fits its shape', () => {
  it('comes without what the API does not know, and without nulls', () => {
    const body = JSON.parse(
      '{"CheckpointToken": "dG9r", "Extra": {}, "__proto__": {"Updates": 5}, "ClientToken": null,' +
        '"Updates": [{"Id": "1", "Type": "STEP", "Action": "START", "Name": null, "__proto__": {},' +
        '"Error": {"ErrorType": "A", "Cause": 1}, "CallbackOptions": {"TimeoutSeconds": null}}]}',
    ) as object
    const fit = fitted(body, checkpointBody)

    expect(fit).to.deep.equal({
      CheckpointToken: 'dG9r',
      Updates: [{ ...update, Error: { ErrorType: 'A' }, CallbackOptions: {} }],
    })
    expect(Object.getPrototypeOf(fit)).to.equal(Object.prototype)
  })
})
