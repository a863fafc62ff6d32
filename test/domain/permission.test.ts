import { describe, expect, it } from 'vitest'
import {
  acts,
  type Grant,
  mayIn,
  type Role,
  reaches,
  reachOf,
  roleIn,
  roleMay,
  roles,
  sitesWithin,
} from '../../server/domain/permission.ts'

/** Who may do what, as a reviewer signs it: a column for each act, x where the role may. */
const signed = `
                        see_counts  see_subjects  log_subjects  see_allocation  record_allocation  void_subjects  override_period  plan_recruitment  sign_reviews  write_requests  revoke_guest_links  judge_requests  keep_calendar  see_audit  ask_redaction  confirm_redaction  configure_trial  lock_trial  manage_people
coordinator             x           x             x             -               -                  -              -                -                 -             -               -                   -               -              -          -              -                  -                -           -
investigator            x           x             x             -               -                  -              -                -                 -             -               -                   -               -              -          -              -                  -                -           -
data_manager            x           x             x             -               -                  x              -                x                 -             x               x                   -               x              x          x              x                  x                x           -
principal_investigator  x           x             -             -               -                  -              x                x                 x             x               x                   -               x              x          x              x                  -                x           -
unblinded_statistician  x           x             -             x               x                  -              -                -                 -             -               -                   -               -              -          -              -                  -                -           -
committee               x           -             -             -               -                  -              -                -                 -             -               -                   x               -              -          -              -                  -                -           -
auditor                 x           x             -             -               -                  -              -                -                 -             -               -                   -               -              x          -              -                  -                -           -
administrator           -           -             -             -               -                  -              -                -                 -             -               -                   -               -              -          -              -                  -                -           x
`
const [header, ...lines] = signed
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
const cells = lines.flatMap(([role, ...marks]) => marks.map((mark, index) => ({ role, act: header?.[index], mark })))

describe('who may do what', () => {
  it('the signed table has every role and every act of the product, and no other', () => {
    expect(lines.map(([role]) => role)).toEqual([...roles])
    expect(header).toEqual([...acts])
    expect(cells).toHaveLength(roles.length * acts.length)
  })

  it.each(cells)('$role, $act: $mark', ({ role, act, mark }) => {
    expect(['x', '-']).toContain(mark)
    expect(roleMay(role as Role, act as (typeof acts)[number])).toBe(mark === 'x')
  })

  it('arms are visible to the unblinded statistician and to nobody else', () => {
    expect(roles.filter((role) => roleMay(role, 'see_allocation'))).toEqual(['unblinded_statistician'])
  })

  it('only the roles of a site, and the data manager, log subjects', () => {
    expect(roles.filter((role) => roleMay(role, 'log_subjects'))).toEqual([
      'coordinator',
      'investigator',
      'data_manager',
    ])
  })

  it('coordinators and investigators are of a site, the administrator of the installation, all others of a trial', () => {
    expect(roles.filter((role) => reachOf[role] === 'site')).toEqual(['coordinator', 'investigator'])
    expect(roles.filter((role) => reachOf[role] === 'system')).toEqual(['administrator'])
  })
})

const grant = (role: Role, trialId: string | null, siteId: string | null = null): Grant => ({ role, trialId, siteId })

describe('what grants allow in a trial', () => {
  it('a role in one trial allows nothing in another', () => {
    const grants = [grant('data_manager', 'A')]
    expect(mayIn(grants, 'log_subjects', 'A')).toBe(true)
    expect(mayIn(grants, 'log_subjects', 'B')).toBe(false)
  })

  it('the administrator sees no trial’s data', () => {
    for (const act of acts) expect(mayIn([grant('administrator', null)], act, 'A')).toBe(false)
  })

  it('nobody without a role may do anything', () => {
    for (const act of acts) expect(mayIn([], act, 'A')).toBe(false)
  })

  it('two roles allow what either allows', () => {
    const grants = [grant('committee', 'A'), grant('auditor', 'A')]
    expect(mayIn(grants, 'see_audit', 'A')).toBe(true)
    expect(mayIn(grants, 'log_subjects', 'A')).toBe(false)
  })
})

describe('the sites within reach', () => {
  it('of a coordinator are the sites they were given, each once', () => {
    const grants = [grant('coordinator', 'A', '01'), grant('investigator', 'A', '01'), grant('coordinator', 'A', '03')]
    expect(sitesWithin(grants, 'log_subjects', 'A')).toEqual(['01', '03'])
  })

  it('of a role of the whole trial are every site, even beside a role of one site', () => {
    expect(sitesWithin([grant('coordinator', 'A', '01'), grant('data_manager', 'A')], 'log_subjects', 'A')).toBe(
      'every',
    )
  })

  it('are counted for the act: an investigator who is also auditor sees every site’s subjects, and logs at one', () => {
    const grants = [grant('investigator', 'A', '01'), grant('auditor', 'A')]
    expect(sitesWithin(grants, 'see_subjects', 'A')).toBe('every')
    expect(sitesWithin(grants, 'log_subjects', 'A')).toEqual(['01'])
  })

  it('are none in another trial, and none for a role that may not', () => {
    expect(sitesWithin([grant('coordinator', 'A', '01')], 'log_subjects', 'B')).toEqual([])
    expect(sitesWithin([grant('principal_investigator', 'A')], 'log_subjects', 'A')).toEqual([])
    expect(sitesWithin([grant('committee', 'A')], 'see_subjects', 'A')).toEqual([])
  })

  it('reach a site that is listed, every site if all are, and none if none is', () => {
    expect(reaches('every', '02')).toBe(true)
    expect(reaches(['01', '02'], '02')).toBe(true)
    expect(reaches(['01'], '02')).toBe(false)
    expect(reaches([], '02')).toBe(false)
  })
})

describe('the role somebody acts in', () => {
  it('is the widest one they hold at the trial', () => {
    const grants = [grant('coordinator', 'A', '01'), grant('data_manager', 'A'), grant('principal_investigator', 'B')]
    expect(roleIn(grants, 'A')).toBe('data_manager')
    expect(roleIn(grants, 'B')).toBe('principal_investigator')
  })

  it('is administrator where that is all they hold, and none where they hold nothing there', () => {
    expect(roleIn([grant('administrator', null), grant('auditor', 'A')], 'B')).toBe('administrator')
    expect(roleIn([grant('administrator', null), grant('auditor', 'A')], 'A')).toBe('auditor')
    expect(roleIn([grant('auditor', 'A')], 'B')).toBeNull()
    expect(roleIn([grant('auditor', 'A')], null)).toBeNull()
  })
})
