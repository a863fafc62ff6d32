/** A trial’s overview, sites, timelines, forecast and trail. */

import { exportAccesses, listAccesses } from '../accesses.ts'
import { exportAudit, showAudit } from '../audit.ts'
import { showDashboard } from '../dashboard.ts'
import { createDayTimelines, newDayTimelines, showDayTimelinesAgain } from '../day-timelines.ts'
import { showFeasibilitySheet, showProjectionFigures } from '../feasibility-sheet.ts'
import { showProjection } from '../projection.ts'
import { createAttestation } from '../reporting.ts'
import { get, post, type Route } from '../route.ts'
import { listSitesOfTrial, showSite } from '../sites.ts'
import { showTimelines } from '../timelines.ts'
import { locking, retaining, unlocking } from '../trial-end.ts'
import { showProfile } from '../trials.ts'

export const trialRoutes: readonly Route[] = [
  get('/trials/:trial', 'see_counts', showDashboard),
  get('/trials/:trial/profile', 'see_counts', showProfile),
  get('/trials/:trial/retention', 'configure_trial', retaining.open),
  post('/trials/:trial/retention', 'configure_trial', retaining.send, retaining.again),
  get('/trials/:trial/locks/new', 'lock_trial', locking.open),
  post('/trials/:trial/locks', 'lock_trial', locking.send, locking.again),
  get('/trials/:trial/locks/:lock/end/new', 'lock_trial', unlocking.open),
  post('/trials/:trial/locks/:lock/end', 'lock_trial', unlocking.send, unlocking.again),
  get('/trials/:trial/sites', 'see_counts', listSitesOfTrial),
  get('/trials/:trial/sites/:site', 'see_counts', showSite),
  get('/trials/:trial/timelines', 'see_subjects', showTimelines),
  get('/trials/:trial/timelines/days/new', 'configure_trial', newDayTimelines),
  post('/trials/:trial/timelines/days', 'configure_trial', createDayTimelines, showDayTimelinesAgain),
  post('/trials/:trial/sites/:site/attestations', 'log_subjects', createAttestation, null),
  get('/trials/:trial/projection', 'see_counts', showProjection),
  get('/trials/:trial/projection/sheet', 'see_counts', showFeasibilitySheet),
  get('/trials/:trial/projection.json', 'see_counts', showProjectionFigures),
  get('/trials/:trial/audit', 'see_audit', showAudit),
  get('/trials/:trial/audit.csv', 'see_audit', exportAudit),
  get('/trials/:trial/accesses', 'see_audit', listAccesses),
  get('/trials/:trial/accesses.csv', 'see_audit', exportAccesses),
]
