/** The pathway's section: milestones, and templates as long as nobody is in the log. */
import { changePathway } from '../../actions/change-pathway.ts'
import { isAnybodyInLog, listMilestoneSettings } from '../../db/pathway-settings.ts'
import type { Milestone, Schedule } from '../../domain/milestone.ts'
import { isRefused, type Parsed } from '../../domain/parsed.ts'
import { type PlacedMilestone, seenWhole } from '../../domain/pathway-change.ts'
import { pathwayTemplates, templateMilestones } from '../../domain/pathway-template.ts'
import { inBoth } from '../../i18n/words.ts'
import { firstPlace, milestoneForm, noAnchor, pathwayShown } from '../../pages/settings/pathway-settings.ts'
import { meant, type Read } from './read-fields.ts'
import type { Section } from './section.ts'

export const pathway: Section = {
  can: ['change', 'move', 'retire'],

  async show({ context, trial, words }) {
    const settings = await listMilestoneSettings(context.db, trial.id)
    const templates = (await isAnybodyInLog(context.db, trial.id)) ? 'too_late' : 'offered'
    return pathwayShown(settings, { templates, seen: seenWhole(settings) }, words)
  },

  async form({ context, trial, words }, id) {
    const settings = await listMilestoneSettings(context.db, trial.id)
    const setting = settings.find((one) => one.id === id) ?? null
    return id !== null && setting === null ? null : milestoneForm(settings, setting, words)
  },

  async change({ actor, context, trial }, change) {
    const settings = await listMilestoneSettings(context.db, trial.id)
    const known = change.do === 'add' ? null : (settings.find(({ id }) => id === change.id)?.value.code ?? '')
    if (change.do === 'add' || change.do === 'change') {
      const schedule = scheduleFrom(change.to)
      if (isRefused(schedule)) return schedule
      const draft = meant(change, (read) => placedFrom(read, known, schedule.value))
      return changePathway(context, actor, trial.id, draft)
    }
    return changePathway(context, actor, trial.id, change)
  },

  async take({ actor, context, trial }, offer, seen) {
    const template = pathwayTemplates.find((known) => known === offer)
    if (template === undefined) return { problems: [{ field: '', code: 'choice_missing' }] }
    const milestones = templateMilestones(template, trial.design, (label) =>
      inBoth((words) => words.of('milestone_label', label)),
    )
    return changePathway(context, actor, trial.id, { do: 'template', milestones, seen })
  },

  async names({ context, trial, words }) {
    const settings = await listMilestoneSettings(context.db, trial.id)
    return new Map(settings.map(({ value }) => [value.code, words.pick(value.label)]))
  },
}

/** A milestone's code is given once; how it is called may change. */
function placedFrom(read: Read, known: string | null, schedule: Schedule | null): PlacedMilestone {
  const place = read.text('place')
  return {
    after: place === firstPlace ? null : place,
    milestone: {
      code: known ?? read.text('code'),
      label: { ja: read.text('labelJa'), en: read.text('labelEn') },
      kind: read.text('milestoneKind') as Milestone['kind'],
      necessity: read.text('necessity') as Milestone['necessity'],
      counting: read.text('counting') as Milestone['counting'],
      repetition: read.text('repetition') as Milestone['repetition'],
      schedule,
    },
  }
}

/** A schedule is all of it or none: days without an anchor are counted from nowhere. */
function scheduleFrom(read: Read): Parsed<Schedule | null> {
  const anchorCode = read.text('anchorCode')
  const offsetDays = read.number('offsetDays')
  const windowBeforeDays = read.number('windowBeforeDays')
  const windowAfterDays = read.number('windowAfterDays')
  if (anchorCode === noAnchor) {
    const isDated = [offsetDays, windowBeforeDays, windowAfterDays].some((days) => days !== null)
    return isDated ? { problems: [{ field: 'anchorCode', code: 'anchor_missing' }] } : { value: null }
  }
  if (offsetDays === null) return { problems: [{ field: 'offsetDays', code: 'setting_missing' }] }
  return {
    value: {
      anchorCode,
      offsetDays,
      windowBeforeDays: windowBeforeDays ?? 0,
      windowAfterDays: windowAfterDays ?? 0,
    },
  }
}
