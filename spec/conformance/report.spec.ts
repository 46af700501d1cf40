import { expect } from 'chai'

import type { Outcome, Report } from './conformance.ts'
import { closingCount, details, exitCode, table } from './report.ts'
import { parseRequirement } from './requirement.ts'

function report(
  id: string,
  outcome: Outcome,
  rest: Partial<Report> & { text?: string } = {},
): Report {
  const { text = 'description: Step basic\n', ...others } = rest
  const requirement = parseRequirement(text, { id, suite: 'step', file: `step/${id}.yaml` })
  return { requirement, outcome, ...others }
}

const passed = report('1-1', 'PASSED')
const failed = report('1-11', 'FAILED', { difference: 'expected 1, got 2' })
const optionalFailed = report('1-7', 'OPTIONAL_FAILED', { difference: 'expected 2, got 3' })
const uncovered = report('1-12', 'UNCOVERED')

describe('the report of a run', () => {
  it('is a table of all requirements', () => {
    expect(table([passed, failed, uncovered])).to.equal(
      [
        'id    title       suite  outcome    first difference',
        '1-1   Step basic  step   PASSED',
        '1-11  Step basic  step   FAILED     expected 1, got 2',
        '1-12  Step basic  step   UNCOVERED',
      ].join('\n'),
    )
  })

  it('cuts long titles, and nothing else', () => {
    const difference = 'd'.repeat(100)
    const long = report('1-2', 'FAILED', { difference, text: `description: ${'t'.repeat(100)}\n` })

    expect(table([long])).to.contain(`${'t'.repeat(43)}…  step`)
    expect(table([long])).to.contain(difference)
  })

  it('closes with a count', () => {
    expect(closingCount([passed, passed])).to.equal('2 requirements: 2 passed, 0 failed')
    expect(closingCount([passed, failed, optionalFailed, uncovered])).to.equal(
      '4 requirements: 1 passed, 1 failed, 1 optional failed, 1 uncovered',
    )
  })

  const optional = report('1-7', 'UNCOVERED', { text: 'optional: true\n' })
  const codes = [
    { title: 'all that counts passed', reports: [passed, optionalFailed], strict: 0, lenient: 0 },
    {
      title: 'only an optional id is uncovered',
      reports: [passed, optional],
      strict: 0,
      lenient: 0,
    },
    { title: 'an id is uncovered', reports: [passed, uncovered], strict: 3, lenient: 0 },
    { title: 'one failed', reports: [passed, uncovered, failed], strict: 1, lenient: 1 },
  ]
  for (const { title, reports, strict, lenient } of codes) {
    it(`exits with ${strict} where ${title}, and ${lenient} where uncovered ids are allowed`, () => {
      expect([exitCode(reports, false), exitCode(reports, true)]).to.deep.equal([strict, lenient])
    })
  }

  it('shows what became of a case', () => {
    const performance = {
      arn: 'arn:1',
      standing: { Status: 'FAILED' },
      events: [{ EventId: 1, EventTimestamp: '2026-01-01T00:00:00.000Z' }],
      output: ['one line'],
    }

    expect(details(report('1-1', 'FAILED', { performance }))).to.equal(
      [
        '1-1 (step/1-1.yaml)',
        '  standing  {"Status":"FAILED"}',
        '  event     {"EventId":1}',
        '  output    one line',
        '',
      ].join('\n'),
    )
    expect(details(uncovered)).to.equal('1-12 was not played\n')
  })
})
