import type { Rule } from 'eslint'
import { codeOf, type Code } from './code.ts'
import type { Syntax } from './syntax.ts'

export interface Problem {
  readonly node: Syntax
  readonly message: string
  readonly data?: Readonly<Record<string, string>>
  readonly fix?: Rule.ReportFixer
  readonly suggest?: { readonly message: string; readonly fix: Rule.ReportFixer }
}

interface Definition {
  readonly description: string
  readonly messages: Readonly<Record<string, string>>
  readonly meta?: Partial<Rule.RuleMetaData>
  /** Everything that is wrong with a file. `options` is what the configuration says beside the level. */
  readonly check: (code: Code, options: unknown) => Iterable<Problem>
}

/** A rule that judges a file as a whole: what is workflow code depends on all of it. */
export function rule({ description, messages, meta, check }: Definition): Rule.RuleModule {
  return {
    meta: {
      type: 'problem',
      docs: { description, recommended: true },
      schema: [],
      ...meta,
      messages: { ...messages },
    },
    create: (context) => ({
      Program() {
        for (const { message, suggest, ...problem } of check(
          codeOf(context.sourceCode),
          context.options[0],
        )) {
          const { message: messageId = '', fix } = suggest ?? {}
          const suggestions = fix ? { suggest: [{ messageId, fix }] } : {}
          context.report({ ...problem, messageId: message, ...suggestions })
        }
      },
    }),
  }
}
