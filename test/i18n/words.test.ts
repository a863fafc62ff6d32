import { expect, it } from 'vitest'
import { languages, wordsFor } from '../../server/i18n/words.ts'

it.each(languages)('sets thousands apart in a sentence, and leaves what identifies as it is (%s)', (language) => {
  const { t } = wordsFor(language)
  expect(t('print.n', { count: 1301 })).toContain('1,301')
  expect(t('print.n', { count: 999 })).toContain('999')
  expect(t('print.site', { site: '1301' })).toContain('1301')
})
