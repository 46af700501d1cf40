import { flow, judge, told } from './judge.ts'

judge('no-console', {
  good: {
    'the log of the context': flow(`yield* wait('1s'); log.info('done')`),
    'the console in the body of a step': flow(`yield* step('a', () => console.log('sent'))`),
    'the console elsewhere': `import 'perdure'; console.log('loaded')`,
  },
  bad: {
    'the console and the streams below it': {
      code: flow(`yield* wait('1s')
console.log('a')
order.items.forEach((item) => console.warn(item))
process.stdout.write('a')
const tell = () => console.info('b')
tell()`),
      says: told('console', 4, 5, 6, 8),
    },
  },
})
