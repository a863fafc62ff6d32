/** The log: subjects, their events, lists and import. */

import { createAllocation, newAllocation, showAllocationAgain } from '../allocations.ts'
import { createCorrection, newCorrection, showCorrectionAgain } from '../corrections.ts'
import { confirmOrRecordEvent, newEvent, showEventAgain } from '../events.ts'
import { exportCsv, exportXlsx } from '../exports.ts'
import { checkImport, confirmImport, newImport, showImportAgain, showImportProgress } from '../imports.ts'
import { createOverride, newOverride, showOverrideAgain } from '../overrides.ts'
import { printIdentificationCodes, printRegistrationLog, printScreeningLog } from '../print-lists.ts'
import { get, post, type Route } from '../route.ts'
import { createSubject, newScreening, showScreeningAgain } from '../screenings.ts'
import { listSubjectsOfTrial, showSubject } from '../subjects.ts'
import {
  createTakingBack,
  createVoid,
  newTakingBack,
  newVoid,
  showTakingBackAgain,
  showVoidAgain,
} from '../taking-back.ts'

export const subjectsRoutes: readonly Route[] = [
  get('/trials/:trial/import', 'log_subjects', newImport),
  post('/trials/:trial/import', 'log_subjects', checkImport, showImportAgain),
  post('/trials/:trial/import/confirm', 'log_subjects', confirmImport, showImportAgain),
  get('/trials/:trial/import/jobs/:job', 'log_subjects', showImportProgress),
  get('/trials/:trial/subjects', 'see_subjects', listSubjectsOfTrial),
  get('/trials/:trial/subjects.csv', 'see_subjects', exportCsv),
  get('/trials/:trial/subjects.xlsx', 'see_subjects', exportXlsx),
  get('/trials/:trial/print/screening-log', 'see_subjects', printScreeningLog),
  get('/trials/:trial/print/registration-log', 'see_subjects', printRegistrationLog),
  get('/trials/:trial/print/identification-codes', 'see_subjects', printIdentificationCodes),
  post('/trials/:trial/subjects', 'log_subjects', createSubject, showScreeningAgain),
  get('/trials/:trial/subjects/new', 'log_subjects', newScreening),
  get('/trials/:trial/subjects/:subject', 'see_subjects', showSubject),
  get('/trials/:trial/subjects/:subject/events/new', 'log_subjects', newEvent),
  post('/trials/:trial/subjects/:subject/events', 'log_subjects', confirmOrRecordEvent, showEventAgain),
  get('/trials/:trial/subjects/:subject/events/:event/corrections/new', 'log_subjects', newCorrection),
  post(
    '/trials/:trial/subjects/:subject/events/:event/corrections',
    'log_subjects',
    createCorrection,
    showCorrectionAgain,
  ),
  get('/trials/:trial/subjects/:subject/events/:event/taking-back/new', 'log_subjects', newTakingBack),
  post(
    '/trials/:trial/subjects/:subject/events/:event/taking-back',
    'log_subjects',
    createTakingBack,
    showTakingBackAgain,
  ),
  get('/trials/:trial/subjects/:subject/void/new', 'void_subjects', newVoid),
  post('/trials/:trial/subjects/:subject/void', 'void_subjects', createVoid, showVoidAgain),
  get('/trials/:trial/subjects/:subject/allocation/new', 'record_allocation', newAllocation),
  post('/trials/:trial/subjects/:subject/allocation', 'record_allocation', createAllocation, showAllocationAgain),
  get('/trials/:trial/subjects/:subject/override/new', 'override_period', newOverride),
  post('/trials/:trial/subjects/:subject/override', 'override_period', createOverride, showOverrideAgain),
]
