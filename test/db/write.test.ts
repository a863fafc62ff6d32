import { describe, expect, it } from 'vitest'
import { recordScreening } from '../../server/actions/record-screening.ts'
import { listAuditEntries, systemChain } from '../../server/db/audit-trail.ts'
import { joining, rehearse, transact, type Write } from '../../server/db/write.ts'
import { calendarDate } from '../../server/domain/calendar-date.ts'
import type { Parsed } from '../../server/domain/parsed.ts'
import {
  actor,
  chainLength,
  done,
  expectSound,
  openSmallTrial,
  refusalOf,
  requestOf,
  type SmallTrial,
  screened,
  screeningDraft,
  sharedDatabase,
  storedOf,
} from '../actions/small-trial.ts'

const shared = sharedDatabase()

const siteRow = (world: SmallTrial, code: string) => ({
  id: `${world.code}-site-${code}`,
  trial_id: world.trialId,
  code,
  name_ja: `施設${code}`,
  name_en: `Site ${code}`,
  planned_per_year: null,
})

/** Work that adds a site, under the name the audit trail gives it. */
const addSite =
  (world: SmallTrial, code: string) =>
  async (write: Write): Promise<Parsed<{ code: string }>> => {
    await write.insert('site', siteRow(world, code), 'site_added')
    return { value: { code } }
  }

const siteCodes = async ({ db, trialId }: SmallTrial) =>
  (await db.selectFrom('site').select('code').where('trial_id', '=', trialId).orderBy('code').execute()).map(
    ({ code }) => code,
  )

describe('a change to a trial', () => {
  it('commits the row and its audit entry together: who, in which role, when, in which request, and the row as it is', async () => {
    const world = await openSmallTrial(shared())
    const before = await chainLength(world.db, world.trialId)
    await done(transact(requestOf(world, null, 'request-7'), world.manager, world.trialId, addSite(world, '03')))
    expect(await siteCodes(world)).toEqual(['01', '02', '03'])
    const [entry] = await listAuditEntries(world.db, world.trialId, { before: null, limit: 1 })
    expect(entry).toEqual({
      sequence: before + 1,
      event: 'site_added',
      table: 'site',
      recordId: siteRow(world, '03').id,
      before: null,
      after: siteRow(world, '03'),
      reason: null,
      actorId: 'manager',
      actorName: 'manager',
      actorRole: 'data_manager',
      recordedAt: '2026-06-24T03:00:00.000Z',
      requestId: 'request-7',
      hash: expect.stringMatching(/^[\da-f]{64}$/),
    })
    const row = await world.db
      .selectFrom('audit_entry')
      .select(['actor_id', 'request_id'])
      .where('record_id', '=', siteRow(world, '03').id)
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ actor_id: 'manager', request_id: 'request-7' })
    await expectSound(world.db)
  })

  it('a revision keeps the old value, the new value, who, when and why', async () => {
    const world = await openSmallTrial(shared())
    await done(transact(world.context, world.manager, world.trialId, addSite(world, '03')))
    const later = { ...world.context, now: () => '2026-06-25T00:00:00.000Z' }
    await done(
      transact(later, world.coordinator, world.trialId, async (write) => {
        await write.revise(
          'site',
          siteRow(world, '03').id,
          { name_en: 'Third site' },
          'site_renamed',
          'the hospital was renamed',
        )
        return { value: null }
      }),
    )
    const [entry] = await listAuditEntries(world.db, world.trialId, { before: null, limit: 1 })
    expect(entry).toMatchObject({
      event: 'site_renamed',
      before: siteRow(world, '03'),
      after: { ...siteRow(world, '03'), name_en: 'Third site' },
      reason: 'the hospital was renamed',
      actorName: 'coordinator',
      actorRole: 'coordinator',
      recordedAt: '2026-06-25T00:00:00.000Z',
    })
    const row = await world.db
      .selectFrom('site')
      .selectAll()
      .where('id', '=', siteRow(world, '03').id)
      .executeTakeFirst()
    expect(row).toEqual({ ...siteRow(world, '03'), name_en: 'Third site' })
    await expectSound(world.db)
  })

  it('leaves one audit entry for each record it changed, in the order of the changes', async () => {
    const world = await openSmallTrial(shared())
    const before = await chainLength(world.db, world.trialId)
    await done(
      transact(world.context, world.manager, world.trialId, async (write) => {
        await write.insert('site', siteRow(world, '03'), 'site_added')
        await write.insert('site', siteRow(world, '04'), 'site_added')
        await write.revise('site', siteRow(world, '03').id, { code: '05' }, 'site_renumbered', 'typed wrongly')
        return { value: null }
      }),
    )
    const entries = await listAuditEntries(world.db, world.trialId, { before: null, limit: 3 })
    expect(entries.map(({ sequence, recordId, event }) => [sequence, recordId, event]).reverse()).toEqual([
      [before + 1, siteRow(world, '03').id, 'site_added'],
      [before + 2, siteRow(world, '04').id, 'site_added'],
      [before + 3, siteRow(world, '03').id, 'site_renumbered'],
    ])
    await expectSound(world.db)
  })

  it('sees its own changes while it lasts, and nobody else does until it commits', async () => {
    const world = await openSmallTrial(shared())
    await done(
      transact(world.context, world.manager, world.trialId, async (write) => {
        await write.insert('site', siteRow(world, '03'), 'site_added')
        const own = await write.selectFrom('site').select('code').where('trial_id', '=', world.trialId).execute()
        expect(own).toHaveLength(3)
        expect(await siteCodes(world)).toEqual(['01', '02'])
        return { value: null }
      }),
    )
    expect(await siteCodes(world)).toEqual(['01', '02', '03'])
  })

  it('to what belongs to no trial stands in the chain of its own', async () => {
    const world = await openSmallTrial(shared())
    const before = await chainLength(world.db, world.trialId)
    const beside = await chainLength(world.db, systemChain)
    await done(
      transact(world.context, actor('admin', 'administrator', null), null, async (write) => {
        const person = { name_ja: '一', name_en: 'One', password_hash: '-', created_at: '-', disabled_at: null }
        await write.insert('person', { id: 'person-1', username: 'one', ...person }, 'person_added')
        return { value: null }
      }),
    )
    expect(await chainLength(world.db, systemChain)).toBe(beside + 1)
    expect(await chainLength(world.db, world.trialId)).toBe(before)
    await expectSound(world.db)
  })

  it('to one trial does not touch the chain of another', async () => {
    const world = await openSmallTrial(shared())
    const other = await openSmallTrial(world.db)
    const before = await chainLength(world.db, world.trialId)
    await screened(other)
    expect(await chainLength(world.db, world.trialId)).toBe(before)
    await expectSound(world.db)
  })
})

describe('work that is refused', () => {
  it('leaves nothing: no row, no audit entry, no submission, and the chain goes on without a gap', async () => {
    const world = await openSmallTrial(shared())
    const before = await storedOf(world.db, world.trialId)
    const problems = await refusalOf(
      transact(requestOf(world, 'form-1'), world.manager, world.trialId, async (write) => {
        await write.insert('site', siteRow(world, '03'), 'site_added')
        await write.revise('site', siteRow(world, '03').id, { code: '04' }, 'site_renumbered', 'why')
        await write.tally(world.siteIds['01'], [{ step: 'consent', date: calendarDate('2026-02-10'), number: 1 }])
        return { problems: [{ field: 'code', code: 'not_wanted' }] }
      }),
    )
    expect(problems).toEqual([{ field: 'code', code: 'not_wanted' }])
    expect(await siteCodes(world)).toEqual(['01', '02'])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
    await screened(world)
    await expectSound(world.db)
  })

  it('uses no number: the next subject gets the one that the refused would have had', async () => {
    const world = await openSmallTrial(shared())
    await refusalOf(
      recordScreening(
        world.context,
        world.coordinator,
        screeningDraft(world, { consentedOn: calendarDate('2026-06-25') }),
      ),
    )
    const { number } = await done(recordScreening(world.context, world.coordinator, screeningDraft(world)))
    expect(number).toBe(`${world.code}-01-001`)
  })

  it('does not use up the form: corrected and sent again with the same key, it is recorded', async () => {
    const world = await openSmallTrial(shared())
    const request = requestOf(world, 'form-1')
    const tomorrow = screeningDraft(world, { consentedOn: calendarDate('2026-06-25') })
    await refusalOf(recordScreening(request, world.coordinator, tomorrow))
    await done(recordScreening(request, world.coordinator, screeningDraft(world)))
    expect((await storedOf(world.db, world.trialId)).subjects).toHaveLength(1)
    await expectSound(world.db)
  })
})

describe('work that throws', () => {
  it('leaves nothing, and throws on', async () => {
    const world = await openSmallTrial(shared())
    const before = await storedOf(world.db, world.trialId)
    const work = transact(requestOf(world, 'form-1'), world.manager, world.trialId, async (write) => {
      await write.insert('site', siteRow(world, '03'), 'site_added')
      throw new Error('the disk is full')
    })
    await expect(work).rejects.toThrow('the disk is full')
    expect(await siteCodes(world)).toEqual(['01', '02'])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
    await screened(world)
    await expectSound(world.db)
  })

  it('because the database refuses a value leaves nothing, not even the rows before it', async () => {
    const world = await openSmallTrial(shared())
    const before = await storedOf(world.db, world.trialId)
    const work = transact(world.context, world.manager, world.trialId, async (write) => {
      await write.insert('site', siteRow(world, '03'), 'site_added')
      const status = {
        id: 'status-1',
        trial_id: world.trialId,
        site_id: siteRow(world, '03').id,
        from_on: '2026-01-01',
      }
      await write.insert('site_status', { ...status, status: 'half_open', basis: 'recorded' }, 'site_status_entered')
      return { value: null }
    })
    await expect(work).rejects.toThrow()
    expect(await siteCodes(world)).toEqual(['01', '02'])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
    await expectSound(world.db)
  })

  it('because something belongs to nothing leaves nothing: a site of no trial', async () => {
    const world = await openSmallTrial(shared())
    const work = transact(world.context, world.manager, world.trialId, async (write) => {
      await write.insert('site', { ...siteRow(world, '03'), trial_id: 'no-such-trial' }, 'site_added')
      return { value: null }
    })
    await expect(work).rejects.toThrow()
    expect(await siteCodes(world)).toEqual(['01', '02'])
    await expectSound(world.db)
  })

  it('a value that must be unique and is taken is a refusal, which leaves nothing either', async () => {
    const world = await openSmallTrial(shared())
    const before = await storedOf(world.db, world.trialId)
    const problems = await refusalOf(
      transact(world.context, world.manager, world.trialId, async (write) => {
        await write.insert('site', siteRow(world, '03'), 'site_added')
        await write.insert('site', { ...siteRow(world, '03'), id: `${world.code}-again` }, 'site_added')
        return { value: null }
      }),
    )
    expect(problems).toEqual([{ field: '', code: 'taken_meanwhile' }])
    expect(await siteCodes(world)).toEqual(['01', '02'])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
  })

  it('because there is no such row to revise names the row and its table', async () => {
    const world = await openSmallTrial(shared())
    const work = transact(world.context, world.manager, world.trialId, async (write) => {
      await write.revise('site', 'no-such-site', { code: '09' }, 'site_renumbered', null)
      return { value: null }
    })
    await expect(work).rejects.toThrow('no row no-such-site in site')
  })

  it('because daily counts were to be kept of no trial', async () => {
    const world = await openSmallTrial(shared())
    const work = transact(world.context, world.manager, null, async (write) => {
      await write.tally(world.siteIds['01'], [{ step: 'consent', date: calendarDate('2026-02-10'), number: 1 }])
      return { value: null }
    })
    await expect(work).rejects.toThrow('belong to a trial')
    expect((await storedOf(world.db, world.trialId)).counts).toEqual([])
  })
})

describe('a form that is sent twice', () => {
  const form = 'form-1'

  it('gives the same answer twice and one event', async () => {
    const world = await openSmallTrial(shared())
    const request = requestOf(world, form)
    const first = await done(recordScreening(request, world.coordinator, screeningDraft(world)))
    const stored = await storedOf(world.db, world.trialId)
    const second = await done(
      recordScreening(requestOf(world, form, 'request-2'), world.coordinator, screeningDraft(world)),
    )
    expect(second).toEqual(first)
    expect(await storedOf(world.db, world.trialId)).toEqual(stored)
    expect(stored.subjects).toHaveLength(1)
    await expectSound(world.db)
  })

  it('at once, five times, gives the same answer five times and one event', async () => {
    const world = await openSmallTrial(shared())
    const send = () => done(recordScreening(requestOf(world, form), world.coordinator, screeningDraft(world)))
    const answers = await Promise.all([send(), send(), send(), send(), send()])
    expect(new Set(answers.map(({ subjectId }) => subjectId)).size).toBe(1)
    expect((await storedOf(world.db, world.trialId)).events).toHaveLength(1)
    await expectSound(world.db)
  })

  it('by somebody else is refused, and tells nothing of the first answer', async () => {
    const world = await openSmallTrial(shared())
    const { subjectId } = await done(recordScreening(requestOf(world, form), world.coordinator, screeningDraft(world)))
    const stored = await storedOf(world.db, world.trialId)
    const draft = screeningDraft(world, { siteId: world.siteIds['02'] })
    const problems = await refusalOf(recordScreening(requestOf(world, form), world.otherCoordinator, draft))
    expect(problems).toEqual([{ field: '', code: 'form_used_by_another' }])
    expect(JSON.stringify(problems)).not.toContain(subjectId)
    expect(await storedOf(world.db, world.trialId)).toEqual(stored)
  })

  it('with something else in it is refused: that is not what was recorded', async () => {
    const world = await openSmallTrial(shared())
    const request = requestOf(world, form)
    await done(recordScreening(request, world.coordinator, screeningDraft(world)))
    const stored = await storedOf(world.db, world.trialId)
    const submission = { key: request.request?.submission?.key ?? '', contentHash: 'something else' }
    const changed = { ...request, request: { id: 'request-2', submission } }
    const draft = screeningDraft(world, { consentedOn: calendarDate('2026-02-11') })
    expect(await refusalOf(recordScreening(changed, world.coordinator, draft))).toEqual([
      { field: '', code: 'form_already_used' },
    ])
    expect(await storedOf(world.db, world.trialId)).toEqual(stored)
  })

  it('with another key is two events: two people may have the same dates', async () => {
    const world = await openSmallTrial(shared())
    const send = (submissionKey: string) =>
      done(recordScreening(requestOf(world, submissionKey), world.coordinator, screeningDraft(world)))
    const numbers = [(await send(form)).number, (await send('form-2')).number]
    expect(numbers).toEqual([`${world.code}-01-001`, `${world.code}-01-002`])
  })

  it('without a key, as in an import, is two events', async () => {
    const world = await openSmallTrial(shared())
    const send = () => done(recordScreening(requestOf(world, null), world.coordinator, screeningDraft(world)))
    await send()
    await send()
    expect((await storedOf(world.db, world.trialId)).subjects).toHaveLength(2)
  })
})

describe('a `Write`', () => {
  it('is no use once its transaction is over: neither verb changes anything', async () => {
    const world = await openSmallTrial(shared())
    let kept: Write | undefined
    await done(
      transact(world.context, world.manager, world.trialId, async (write) => {
        kept = write
        return { value: null }
      }),
    )
    const before = await storedOf(world.db, world.trialId)
    await expect(kept?.insert('site', siteRow(world, '03'), 'site_added')).rejects.toThrow()
    await expect(kept?.revise('site', world.siteIds['01'], { code: '09' }, 'x', null)).rejects.toThrow()
    await expect(
      kept?.tally(world.siteIds['01'], [{ step: 'consent', date: calendarDate('2026-02-10'), number: 1 }]),
    ).rejects.toThrow()
    expect(await siteCodes(world)).toEqual(['01', '02'])
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
    await expectSound(world.db)
  })

  it('is no use after a refusal either', async () => {
    const world = await openSmallTrial(shared())
    let kept: Write | undefined
    await refusalOf(
      transact(world.context, world.manager, world.trialId, async (write) => {
        kept = write
        return { problems: [{ field: '', code: 'no' }] }
      }),
    )
    await expect(kept?.insert('site', siteRow(world, '03'), 'site_added')).rejects.toThrow()
    expect(await siteCodes(world)).toEqual(['01', '02'])
  })

  it('cannot remove a row, and writes no audit entry by hand: the types refuse', () => {
    const verbs: Record<keyof Write, true> = {
      selectFrom: true,
      personId: true,
      insert: true,
      revise: true,
      keepSecret: true,
      redact: true,
      endSessions: true,
      tally: true,
      tallyOfTrial: true,
    }
    expect(Object.keys(verbs)).not.toContain('deleteFrom')
    const byHand = (write: Write) =>
      // @ts-expect-error the audit trail is no table that `insert` writes to
      write.insert('audit_entry', {}, 'x')
    expect(byHand).toBeTypeOf('function')
  })

  it('is what reading gives nobody: a database that was opened for reading has no verb, say the types', async () => {
    const db = shared()
    const writing = [
      // @ts-expect-error reading is all that `Db` allows
      () => db.insertInto('site'),
      // @ts-expect-error reading is all that `Db` allows
      () => db.updateTable('site'),
      // @ts-expect-error reading is all that `Db` allows
      () => db.deleteFrom('site'),
    ]
    expect(writing).toHaveLength(3)
  })
})

describe('two changes to one trial at once', () => {
  it('take turns: neither reads what the other is about to change', async () => {
    const world = await openSmallTrial(shared())
    const order: string[] = []
    const slowly = (name: string) =>
      transact(world.context, world.manager, world.trialId, async (write) => {
        order.push(`${name} begins`)
        const sites = await write.selectFrom('site').select('code').where('trial_id', '=', world.trialId).execute()
        await new Promise((resolve) => setTimeout(resolve, 20))
        await write.insert('site', siteRow(world, `0${sites.length + 1}`), 'site_added')
        order.push(`${name} ends`)
        return { value: null }
      })
    await Promise.all([done(slowly('one')), done(slowly('other'))])
    const [first, second] = order[0] === 'one begins' ? ['one', 'other'] : ['other', 'one']
    expect(order).toEqual([`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`])
    expect(await siteCodes(world)).toEqual(['01', '02', '03', '04'])
    await expectSound(world.db)
  })
})

describe('a rehearsal', () => {
  it('does what a change would do, and nothing of it is kept', async () => {
    const world = await openSmallTrial(shared())
    await screened(world)
    const before = await storedOf(world.db, world.trialId)
    const seen = await rehearse(world.context, world.manager, world.trialId, async (write) => {
      const context = joining(world.context, write)
      await done(recordScreening(context, world.manager, screeningDraft(world)))
      return storedOf(write, world.trialId)
    })
    expect(seen.subjects).toHaveLength(before.subjects.length + 1)
    expect(seen.subjects).toEqual(expect.arrayContaining(before.subjects))
    expect(await storedOf(world.db, world.trialId)).toEqual(before)
    await expectSound(world.db)
  })

  it('knows the rules of the tables, and the trial alone', async () => {
    const db = shared()
    const [other, world] = [await openSmallTrial(db), await openSmallTrial(db)]
    await rehearse(world.context, world.manager, world.trialId, async (write) => {
      const trials = await write.selectFrom('trial').select('id').execute()
      expect(trials).toEqual([{ id: world.trialId }])
      expect(await write.selectFrom('site').select('id').where('trial_id', '=', other.trialId).execute()).toEqual([])
    })
    const twice = rehearse(world.context, world.manager, world.trialId, async (write) => {
      for (const _ of [1, 2]) await addSite(world, '03')(write)
    })
    await expect(twice).rejects.toThrow(/unique/i)
  })

  it('holds up nobody, and sees nothing of what others record meanwhile', async () => {
    const world = await openSmallTrial(shared())
    const seen = await rehearse(world.context, world.manager, world.trialId, async (write) => {
      await addSite(world, '03')(write)
      await write.tally(siteRow(world, '03').id, [{ step: 'consent', date: calendarDate('2026-03-01'), number: 1 }])
      // The same row, by somebody who does not wait for the end of this.
      await done(transact(world.context, world.manager, world.trialId, addSite(world, '03')))
      await done(transact(world.context, world.manager, world.trialId, addSite(world, '04')))
      return write.selectFrom('site').select('code').where('trial_id', '=', world.trialId).orderBy('code').execute()
    })
    expect(seen.map(({ code }) => code)).toEqual(['01', '02', '03'])
    expect(await siteCodes(world)).toEqual(['01', '02', '03', '04'])
    await expectSound(world.db)
  })

  it('leaves nothing behind where it fails, and the next ones have their turn', async () => {
    const world = await openSmallTrial(shared())
    const attempts = Array.from({ length: 5 }, () =>
      rehearse(world.context, world.manager, world.trialId, async (write) => {
        await addSite(world, '03')(write)
        throw new Error('in the middle')
      }),
    )
    const ends = await Promise.allSettled(attempts)
    expect(ends.map((end) => String('reason' in end && end.reason))).toEqual(attempts.map(() => 'Error: in the middle'))
    expect(await siteCodes(world)).toEqual(['01', '02'])
  })
})
