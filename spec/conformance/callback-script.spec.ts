import { expect } from 'chai'

import { CallbackScript, pythonJson } from './callback-script.ts'
import type { CallbackAction } from './requirement.ts'

function started(Id: string, Name?: string) {
  return {
    EventType: 'CallbackStarted',
    Id,
    Name,
    CallbackStartedDetails: { CallbackId: `cb-${Id}` },
  }
}

function success(CallbackName: string, Delay?: number): CallbackAction {
  return { CallbackName, Operation: 'success', ...(Delay === undefined ? {} : { Delay }) }
}

/** Whom the script answers, and after how long, until nothing is left to do. */
function played(actions: CallbackAction[], events: ReturnType<typeof started>[]): string[] {
  const script = new CallbackScript(actions)
  const transcript: string[] = []
  for (let cue = script.next(events); cue; cue = script.next(events)) {
    transcript.push(`${cue.action.Operation} to ${cue.callbackId} after ${cue.delay}`)
  }
  return transcript
}

describe('the callback actions of a requirement', () => {
  it('are played in the order of the history, whatever the order of the list', () => {
    expect(
      played([success('b', 4), success('a', 3)], [started('1', 'a'), started('2', 'b')]),
    ).to.deep.equal(['success to cb-1 after 3', 'success to cb-2 after 4'])
  })

  it('are used once each', () => {
    expect(
      played([success('*', 1), success('*', 2)], [started('1'), started('2'), started('3')]),
    ).to.deep.equal(['success to cb-1 after 1', 'success to cb-2 after 2'])
  })

  it('find their callback by expression', () => {
    const events = [started('1', 'refund'), started('2', 'approve-7')]

    expect(played([success('${/^approve-/}')], events)).to.deep.equal(['success to cb-2 after 0'])
    expect(played([success('/7$/')], events)).to.deep.equal(['success to cb-2 after 0'])
  })

  it('leave a callback open after a heartbeat', () => {
    const heartbeat = { CallbackName: 'a', Operation: 'heartbeat', Delay: 2 } as const

    expect(
      played([heartbeat, success('a', 1), success('a', 1)], [started('1', 'a')]),
    ).to.deep.equal(['heartbeat to cb-1 after 2', 'success to cb-1 after 1'])
  })

  it('leave a callback alone that is over', () => {
    const over = { ...started('1', 'a'), EventType: 'CallbackTimedOut' }

    expect(played([success('a')], [started('1', 'a'), over])).to.deep.equal([])
  })

  it('leave a callback alone that none of them names', () => {
    expect(played([success('b')], [started('1', 'a'), started('2')])).to.deep.equal([])
  })
})

describe('a payload in Python spelling', () => {
  it('has spaces after commas and colons, and ASCII only', () => {
    expect(
      pythonJson({ status: 'approved', items: [1, null, true], note: 'tèst "€" 🙂' }),
    ).to.equal(
      '{"status": "approved", "items": [1, null, true], "note": "t\\u00e8st \\"\\u20ac\\" \\ud83d\\ude42"}',
    )
  })
})
