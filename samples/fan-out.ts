import { driver, map, retry, step, type WorkflowContext } from 'perdure'
import type { Scenario } from 'perdure/testing'

// A newsletter goes out in many languages, three at a time. A translation that fails is left out; when
// more than a third of them fail, something is wrong with all, and nothing is sent.

interface Issue {
  title: string
  languages: string[]
}

export function* publish({ title, languages }: Issue, { log }: WorkflowContext) {
  const editions = yield* map(
    'editions',
    languages,
    function* (language) {
      const text = yield* step('translate', () => translator.translate(title, language), {
        retry: retry.fixed({ delay: '30s', maxAttempts: 2, retryOn: ['Busy'] }),
      })
      return yield* step('typeset', () => ({ language, pages: Math.ceil(text.length / 10) }))
    },
    {
      maxConcurrency: 3,
      completion: { toleratedFailurePercentage: 34 },
      itemName: (language) => language,
    },
  )
  for (const { name, error } of editions.failed()) log.warn(`${name} failed: ${error.message}`)
  if (editions.completionReason !== 'ALL_COMPLETED') return { sent: [], why: 'too many failures' }

  const sent = editions.results().map(({ language }) => language)
  yield* step('send', () => post.send(title, sent))
  return { sent, missing: editions.failed().map(({ name }) => name) }
}

export const handler = driver.lambdaHandler(publish)

// ---- what lies outside

class Busy extends Error {
  override readonly name = 'Busy'
}

const spoken: Readonly<Record<string, string>> = { de: 'Hallo', fr: 'Bonjour', es: 'Hola' }

const translator = {
  /** Is busy, once, when asked for French; knows no Klingon. */
  async translate(title: string, language: string): Promise<string> {
    if (language === 'fr' && !asked.has(title)) {
      asked.add(title)
      throw new Busy('come back later')
    }
    const hello = spoken[language]
    if (hello === undefined) throw new Error(`nobody speaks ${language}`)
    return `${hello}: ${title}`
  },
}

const asked = new Set<string>()

const post = {
  async send(_title: string, _languages: readonly string[]): Promise<void> {},
}

export const scenario: Scenario = {
  input: { title: 'On waiting', languages: ['de', 'fr', 'tlh', 'es'] },
}
