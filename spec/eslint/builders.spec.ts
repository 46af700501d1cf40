import { expect } from 'chai'
import * as perdure from 'perdure'
import { builderNames } from '../../lib/eslint/builders.ts'
import { isDescriptor } from '../../lib/operations/operation.ts'

const fn = () => undefined

/** What one builder or another can be called with. */
const tries: readonly (readonly unknown[])[] = [
  [],
  ['name'],
  ['1s'],
  [fn],
  [[fn]],
  [[], fn],
  ['name', { min: 1, max: 1 }],
  [fn, { initialState: 1, strategy: fn }],
]

function makesAnOperation(value: unknown): boolean {
  if (typeof value !== 'function') return false
  return tries.some((args) => {
    try {
      return isDescriptor((value as (...args: readonly unknown[]) => unknown)(...args))
    } catch {
      return false
    }
  })
}

describe('the builders that the rules know', () => {
  it('are those that the front door exports', () => {
    const exported = Object.entries(perdure).filter(([, value]) => makesAnOperation(value))

    expect([...builderNames].sort()).to.deep.equal(exported.map(([name]) => name).sort())
  })
})
