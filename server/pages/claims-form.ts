/** Claims as rows to edit: nothing is written, the address keeps them. One row more than there are, to add a claim. */
import type { Words } from '../i18n/words.ts'
import type { ProblemInWords } from './page.ts'
import {
  addressOf,
  claimFields,
  claimKinds,
  type FigureField,
  isOfClaims,
  mostClaims,
  type Parameters,
} from './projection-fields.ts'

export type ClaimsForm = {
  isOpen: boolean
  hidden: { name: string; value: string }[]
  heads: string[]
  rows: { name: string; cells: FigureField[]; removeLabel: string; place: number; isNew: boolean }[]
  resetHref: string | null
  siteCodes: string
}

export type ClaimsFormInput = {
  /** What stands in the claims' fields. */
  shown: Readonly<Record<string, string>>
  /** What stands in the address. */
  fields: Parameters
  problems: readonly ProblemInWords[]
  isEdited: boolean
  siteCodes: readonly string[]
}

export function claimsForm(
  { shown, fields, problems, isEdited, siteCodes }: ClaimsFormInput,
  words: Words,
): ClaimsForm {
  const others = fields.filter(([name]) => !isOfClaims(name))
  const places = Array.from({ length: mostClaims }, (_, index) => index + 1)
  const last = places.findLast((place) => (shown[`claim${place}`] ?? '') !== '') ?? 0
  const rows = places.slice(0, last + 1).map((place) => {
    const name = words.t('claims_form.row', { place })
    return {
      name,
      place,
      isNew: place > last,
      removeLabel: words.t('claims_form.remove', { place }),
      cells: claimFields.map((field): FigureField => {
        const id = `${field}${place}`
        const value = shown[id] ?? ''
        return {
          id,
          label: words.t('claims_form.field_of', { place, field: words.of('claim_field', field) }),
          value,
          error: problems.find((problem) => problem.field === id)?.text ?? null,
          options:
            field === 'claim'
              ? ['', ...claimKinds].map((kind) => ({
                  value: kind,
                  label: kind === '' ? words.t('claims_form.no_claim') : words.of('claim_kind', kind),
                  chosen: kind === value,
                }))
              : null,
          slider: null,
        }
      }),
    }
  })
  return {
    isOpen: isEdited || problems.some(({ field }) => isOfClaims(field)),
    hidden: others.map(([name, value]) => ({ name, value })),
    heads: claimFields.map((field) => words.of('claim_field', field)),
    rows,
    resetHref: isEdited ? addressOf(others) : null,
    siteCodes: siteCodes.join(' '),
  }
}
