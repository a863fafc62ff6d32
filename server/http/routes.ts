/**
 * Every URL of the application with who may use it. `access` is the policy row: an act of the role table for pages of
 * a trial, the act of the administrator, `signed_in`, or `anyone`. What is not listed here does not exist.
 */

import type { Problem } from '../domain/parsed.ts'
import type { SystemAct, TrialAct } from '../domain/permission.ts'
import { createAccess, newAccess, showAccessAgain } from './access.ts'
import { createPassword, createSessionEnd, newPassword, showAccount, showPasswordAgain } from './account.ts'
import { createAllocation, newAllocation, showAllocationAgain } from './allocations.ts'
import { exportAudit, showAudit } from './audit.ts'
import { showCalendar } from './calendar.ts'
import { entryChange, entryMet, entryVoid, newCondition, newMeeting } from './calendar-entries.ts'
import { askRevocation, createFeed, revokeFeed, showFeed } from './calendar-feeds.ts'
import { createCorrection, newCorrection, showCorrectionAgain } from './corrections.ts'
import { showDashboard } from './dashboard.ts'
import { showDateReading } from './date-reading.ts'
import { createDayTimelines, newDayTimelines, showDayTimelinesAgain } from './day-timelines.ts'
import { confirmOrRecordEvent, newEvent, showEventAgain } from './events.ts'
import { exportCsv, exportXlsx } from './exports.ts'
import { showFeasibilitySheet, showProjectionFigures } from './feasibility-sheet.ts'
import { checkImport, confirmImport, newImport, showImportAgain, showImportProgress } from './imports.ts'
import { chooseLanguage } from './language.ts'
import { createOverride, newOverride, showOverrideAgain } from './overrides.ts'
import {
  createInvitation,
  createRole,
  createSignInRule,
  listPeople,
  newInvitation,
  newRole,
  showInvitationAgain,
  showPerson,
  showRoleAgain,
  showSignInRules,
  showSignInRulesAgain,
} from './people.ts'
import { askRoleEnd, askStep, createRoleEnd, showRoleEndAgain, showStepAgain, takeStep } from './person-steps.ts'
import { listTrials } from './portfolio.ts'
import { printIdentificationCodes, printRegistrationLog, printScreeningLog } from './print-lists.ts'
import { showProjection } from './projection.ts'
import {
  measureCorrection,
  measureEnd,
  measureVoid,
  newMeasure,
  showCountermeasures,
} from './recruitment/countermeasures.ts'
import { countCorrection, countVoid, laterCount, newPool, showPools } from './recruitment/pools.ts'
import { showSources } from './recruitment/sources.ts'
import { reportSubmission } from './report-submissions.ts'
import { createAttestation } from './reporting.ts'
import { createAttachment, newAttachment, showAttachmentAgain } from './requests/attachments.ts'
import {
  askSubmission,
  createRequest,
  editDraft,
  newRequest,
  saveDraft,
  sendRequest,
  showDraftAgain,
  showNewRequestAgain,
  showSubmissionAgain,
} from './requests/drafts.ts'
import {
  conditionForm,
  decisionForm,
  fulfilmentForm,
  inquiryForm,
  replyForm,
  withdrawalForm,
} from './requests/small-forms.ts'
import {
  downloadAttachment,
  downloadRequestDocument,
  listRequests,
  showReplay,
  showRequest,
  showRequestDocument,
} from './requests.ts'
import { showCurrentReport, showReport, showSignedContent } from './review-report.ts'
import { createReviewSignature, newReviewSignature, showSignatureAgain } from './review-signature.ts'
import {
  createFreezing,
  createReview,
  createReviewComment,
  createReviewMeasures,
  listReviewsOfTrial,
  showReview,
  showReviewAgain,
} from './reviews.ts'
import { createSubject, newScreening, showScreeningAgain } from './screenings.ts'
import {
  askRemoval,
  createRecoveryCodes,
  createRemoval,
  createSecondFactor,
  newRecoveryCodesForm,
  newSecondFactor,
  showRecoveryCodesAgain,
  showRemovalAgain,
  showSecondFactorAgain,
} from './second-factor.ts'
import { beginSession, createCode, endSession, newCode, newSession, showCodeAgain, showSignInAgain } from './session.ts'
import {
  askRetirement,
  changeSetting,
  createSetting,
  editSetting,
  moveSetting,
  newSetting,
  retireSetting,
  showNewSettingAgain,
  showSection,
  showSettingAgain,
  showSettings,
  takeOffer,
} from './settings.ts'
import { listSitesOfTrial, showSite } from './sites.ts'
import { listSubjectsOfTrial, showSubject } from './subjects.ts'
import {
  createTakingBack,
  createVoid,
  newTakingBack,
  newVoid,
  showTakingBackAgain,
  showVoidAgain,
} from './taking-back.ts'
import { showTimelines } from './timelines.ts'
import { showProfile } from './trials.ts'
import type { Reply, SignedInVisit, TrialVisit, Visit } from './visit.ts'

type Handler<V> = (visit: V) => Promise<Reply>
/** The form once more with everything that was typed, for a post that was not accepted. */
type ShowAgain<V> = (visit: V, problems: readonly Problem[]) => Promise<Reply>

type Rule<A, V> = { access: A; path: string } & (
  | { method: 'get'; handler: Handler<V> }
  | { method: 'post'; handler: Handler<V>; again: ShowAgain<V> | null }
)
export type Route = Rule<'anyone', Visit> | Rule<'signed_in' | SystemAct, SignedInVisit> | Rule<TrialAct, TrialVisit>

export const routes: readonly Route[] = [
  { method: 'get', path: '/session/new', access: 'anyone', handler: newSession },
  { method: 'post', path: '/session', access: 'anyone', handler: beginSession, again: showSignInAgain },
  { method: 'get', path: '/session/code', access: 'anyone', handler: newCode },
  { method: 'post', path: '/session/code', access: 'anyone', handler: createCode, again: showCodeAgain },
  { method: 'get', path: '/access', access: 'anyone', handler: newAccess },
  { method: 'post', path: '/access', access: 'anyone', handler: createAccess, again: showAccessAgain },
  { method: 'post', path: '/session/end', access: 'signed_in', handler: endSession, again: null },
  { method: 'post', path: '/language', access: 'anyone', handler: chooseLanguage, again: null },
  { method: 'get', path: '/calendar/:token.ics', access: 'anyone', handler: showFeed },

  { method: 'get', path: '/', access: 'signed_in', handler: listTrials },
  { method: 'get', path: '/account', access: 'signed_in', handler: showAccount },
  { method: 'post', path: '/account/sessions/end', access: 'signed_in', handler: createSessionEnd, again: null },
  { method: 'get', path: '/account/password', access: 'signed_in', handler: newPassword },
  { method: 'post', path: '/account/password', access: 'signed_in', handler: createPassword, again: showPasswordAgain },
  { method: 'get', path: '/account/second-factor', access: 'signed_in', handler: newSecondFactor },
  {
    method: 'post',
    path: '/account/second-factor',
    access: 'signed_in',
    handler: createSecondFactor,
    again: showSecondFactorAgain,
  },
  { method: 'get', path: '/account/second-factor/codes', access: 'signed_in', handler: newRecoveryCodesForm },
  {
    method: 'post',
    path: '/account/second-factor/codes',
    access: 'signed_in',
    handler: createRecoveryCodes,
    again: showRecoveryCodesAgain,
  },
  { method: 'get', path: '/account/second-factor/end', access: 'signed_in', handler: askRemoval },
  {
    method: 'post',
    path: '/account/second-factor/end',
    access: 'signed_in',
    handler: createRemoval,
    again: showRemovalAgain,
  },

  { method: 'get', path: '/people', access: 'manage_people', handler: listPeople },
  { method: 'get', path: '/invitations/new', access: 'manage_people', handler: newInvitation },
  {
    method: 'post',
    path: '/invitations',
    access: 'manage_people',
    handler: createInvitation,
    again: showInvitationAgain,
  },
  { method: 'get', path: '/sign-in-rules', access: 'manage_people', handler: showSignInRules },
  {
    method: 'post',
    path: '/sign-in-rules',
    access: 'manage_people',
    handler: createSignInRule,
    again: showSignInRulesAgain,
  },
  { method: 'get', path: '/people/:person', access: 'manage_people', handler: showPerson },
  { method: 'get', path: '/people/:person/steps/:step', access: 'manage_people', handler: askStep },
  {
    method: 'post',
    path: '/people/:person/steps/:step',
    access: 'manage_people',
    handler: takeStep,
    again: showStepAgain,
  },
  { method: 'get', path: '/people/:person/roles/new', access: 'manage_people', handler: newRole },
  { method: 'post', path: '/people/:person/roles', access: 'manage_people', handler: createRole, again: showRoleAgain },
  { method: 'get', path: '/people/:person/roles/:role/end', access: 'manage_people', handler: askRoleEnd },
  {
    method: 'post',
    path: '/people/:person/roles/:role/end',
    access: 'manage_people',
    handler: createRoleEnd,
    again: showRoleEndAgain,
  },

  { method: 'get', path: '/dates/reading.txt', access: 'signed_in', handler: showDateReading },

  { method: 'get', path: '/trials/:trial', access: 'see_counts', handler: showDashboard },
  { method: 'get', path: '/trials/:trial/profile', access: 'see_counts', handler: showProfile },
  { method: 'get', path: '/trials/:trial/sites', access: 'see_counts', handler: listSitesOfTrial },
  { method: 'get', path: '/trials/:trial/sites/:site', access: 'see_counts', handler: showSite },
  { method: 'get', path: '/trials/:trial/timelines', access: 'see_subjects', handler: showTimelines },
  { method: 'get', path: '/trials/:trial/timelines/days/new', access: 'configure_trial', handler: newDayTimelines },
  {
    method: 'post',
    path: '/trials/:trial/timelines/days',
    access: 'configure_trial',
    handler: createDayTimelines,
    again: showDayTimelinesAgain,
  },
  {
    method: 'post',
    path: '/trials/:trial/sites/:site/attestations',
    access: 'log_subjects',
    handler: createAttestation,
    again: null,
  },
  { method: 'get', path: '/trials/:trial/projection', access: 'see_counts', handler: showProjection },
  { method: 'get', path: '/trials/:trial/projection/sheet', access: 'see_counts', handler: showFeasibilitySheet },
  { method: 'get', path: '/trials/:trial/projection.json', access: 'see_counts', handler: showProjectionFigures },
  { method: 'get', path: '/trials/:trial/reviews', access: 'see_counts', handler: listReviewsOfTrial },
  { method: 'post', path: '/trials/:trial/reviews', access: 'sign_reviews', handler: createReview, again: null },
  { method: 'get', path: '/trials/:trial/reviews/current', access: 'see_counts', handler: showCurrentReport },
  { method: 'get', path: '/trials/:trial/reviews/:review', access: 'see_counts', handler: showReview },
  { method: 'get', path: '/trials/:trial/reviews/:review/report', access: 'see_counts', handler: showReport },
  {
    method: 'get',
    path: '/trials/:trial/reviews/:review/report.json',
    access: 'see_counts',
    handler: showSignedContent,
  },
  {
    method: 'post',
    path: '/trials/:trial/reviews/:review/comments',
    access: 'sign_reviews',
    handler: createReviewComment,
    again: showReviewAgain,
  },
  {
    method: 'post',
    path: '/trials/:trial/reviews/:review/measures',
    access: 'sign_reviews',
    handler: createReviewMeasures,
    again: showReviewAgain,
  },
  {
    method: 'post',
    path: '/trials/:trial/reviews/:review/freezing',
    access: 'sign_reviews',
    handler: createFreezing,
    again: showReviewAgain,
  },
  {
    method: 'get',
    path: '/trials/:trial/reviews/:review/signature/new',
    access: 'sign_reviews',
    handler: newReviewSignature,
  },
  {
    method: 'post',
    path: '/trials/:trial/reviews/:review/signature',
    access: 'sign_reviews',
    handler: createReviewSignature,
    again: showSignatureAgain,
  },

  { method: 'get', path: '/trials/:trial/requests', access: 'see_counts', handler: listRequests },
  { method: 'get', path: '/trials/:trial/requests/new', access: 'write_requests', handler: newRequest },
  {
    method: 'post',
    path: '/trials/:trial/requests',
    access: 'write_requests',
    handler: createRequest,
    again: showNewRequestAgain,
  },
  { method: 'get', path: '/trials/:trial/requests/:request', access: 'see_counts', handler: showRequest },
  {
    method: 'get',
    path: '/trials/:trial/requests/:request/document',
    access: 'see_counts',
    handler: showRequestDocument,
  },
  {
    method: 'get',
    path: '/trials/:trial/requests/:request/document.docx',
    access: 'see_counts',
    handler: downloadRequestDocument,
  },
  { method: 'get', path: '/trials/:trial/requests/:request/replay', access: 'see_counts', handler: showReplay },
  { method: 'get', path: '/trials/:trial/requests/:request/draft', access: 'write_requests', handler: editDraft },
  {
    method: 'post',
    path: '/trials/:trial/requests/:request/draft',
    access: 'write_requests',
    handler: saveDraft,
    again: showDraftAgain,
  },
  {
    method: 'get',
    path: '/trials/:trial/requests/:request/submission',
    access: 'write_requests',
    handler: askSubmission,
  },
  {
    method: 'post',
    path: '/trials/:trial/requests/:request/submission',
    access: 'write_requests',
    handler: sendRequest,
    again: showSubmissionAgain,
  },
  {
    method: 'get',
    path: '/trials/:trial/requests/:request/withdrawal',
    access: 'write_requests',
    handler: withdrawalForm.ask,
  },
  {
    method: 'post',
    path: '/trials/:trial/requests/:request/withdrawal',
    access: 'write_requests',
    handler: withdrawalForm.send,
    again: withdrawalForm.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/requests/:request/inquiries/new',
    access: 'judge_requests',
    handler: inquiryForm.ask,
  },
  {
    method: 'post',
    path: '/trials/:trial/requests/:request/inquiries',
    access: 'judge_requests',
    handler: inquiryForm.send,
    again: inquiryForm.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/requests/:request/inquiries/:inquiry/reply',
    access: 'write_requests',
    handler: replyForm.ask,
  },
  {
    method: 'post',
    path: '/trials/:trial/requests/:request/inquiries/:inquiry/reply',
    access: 'write_requests',
    handler: replyForm.send,
    again: replyForm.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/requests/:request/decisions/new',
    access: 'judge_requests',
    handler: decisionForm.ask,
  },
  {
    method: 'post',
    path: '/trials/:trial/requests/:request/decisions',
    access: 'judge_requests',
    handler: decisionForm.send,
    again: decisionForm.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/requests/:request/conditions/new',
    access: 'judge_requests',
    handler: conditionForm.ask,
  },
  {
    method: 'post',
    path: '/trials/:trial/requests/:request/conditions',
    access: 'judge_requests',
    handler: conditionForm.send,
    again: conditionForm.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/requests/:request/conditions/:condition/fulfilment',
    access: 'write_requests',
    handler: fulfilmentForm.ask,
  },
  {
    method: 'post',
    path: '/trials/:trial/requests/:request/conditions/:condition/fulfilment',
    access: 'write_requests',
    handler: fulfilmentForm.send,
    again: fulfilmentForm.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/requests/:request/attachments/new',
    access: 'write_requests',
    handler: newAttachment,
  },
  {
    method: 'post',
    path: '/trials/:trial/requests/:request/attachments',
    access: 'write_requests',
    handler: createAttachment,
    again: showAttachmentAgain,
  },
  {
    method: 'get',
    path: '/trials/:trial/requests/:request/attachments/:attachment',
    access: 'see_counts',
    handler: downloadAttachment,
  },
  { method: 'get', path: '/trials/:trial/countermeasures', access: 'see_counts', handler: showCountermeasures },
  { method: 'get', path: '/trials/:trial/countermeasures/new', access: 'plan_recruitment', handler: newMeasure.open },
  {
    method: 'post',
    path: '/trials/:trial/countermeasures',
    access: 'plan_recruitment',
    handler: newMeasure.send,
    again: newMeasure.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/countermeasures/:countermeasure',
    access: 'plan_recruitment',
    handler: measureCorrection.open,
  },
  {
    method: 'post',
    path: '/trials/:trial/countermeasures/:countermeasure',
    access: 'plan_recruitment',
    handler: measureCorrection.send,
    again: measureCorrection.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/countermeasures/:countermeasure/end/new',
    access: 'plan_recruitment',
    handler: measureEnd.open,
  },
  {
    method: 'post',
    path: '/trials/:trial/countermeasures/:countermeasure/end',
    access: 'plan_recruitment',
    handler: measureEnd.send,
    again: measureEnd.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/countermeasures/:countermeasure/void/new',
    access: 'plan_recruitment',
    handler: measureVoid.open,
  },
  {
    method: 'post',
    path: '/trials/:trial/countermeasures/:countermeasure/void',
    access: 'plan_recruitment',
    handler: measureVoid.send,
    again: measureVoid.again,
  },
  { method: 'get', path: '/trials/:trial/pools', access: 'see_counts', handler: showPools },
  { method: 'get', path: '/trials/:trial/pools/new', access: 'plan_recruitment', handler: newPool.open },
  {
    method: 'post',
    path: '/trials/:trial/pools',
    access: 'plan_recruitment',
    handler: newPool.send,
    again: newPool.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/pools/:pool/counts/new',
    access: 'plan_recruitment',
    handler: laterCount.open,
  },
  {
    method: 'post',
    path: '/trials/:trial/pools/:pool/counts',
    access: 'plan_recruitment',
    handler: laterCount.send,
    again: laterCount.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/pools/:pool/counts/:count',
    access: 'plan_recruitment',
    handler: countCorrection.open,
  },
  {
    method: 'post',
    path: '/trials/:trial/pools/:pool/counts/:count',
    access: 'plan_recruitment',
    handler: countCorrection.send,
    again: countCorrection.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/pools/:pool/counts/:count/void/new',
    access: 'plan_recruitment',
    handler: countVoid.open,
  },
  {
    method: 'post',
    path: '/trials/:trial/pools/:pool/counts/:count/void',
    access: 'plan_recruitment',
    handler: countVoid.send,
    again: countVoid.again,
  },
  { method: 'get', path: '/trials/:trial/sources', access: 'see_counts', handler: showSources },

  { method: 'get', path: '/trials/:trial/calendar', access: 'see_counts', handler: showCalendar },
  { method: 'get', path: '/trials/:trial/calendar/meetings/new', access: 'keep_calendar', handler: newMeeting.open },
  {
    method: 'post',
    path: '/trials/:trial/calendar/meetings',
    access: 'keep_calendar',
    handler: newMeeting.send,
    again: newMeeting.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/calendar/conditions/new',
    access: 'keep_calendar',
    handler: newCondition.open,
  },
  {
    method: 'post',
    path: '/trials/:trial/calendar/conditions',
    access: 'keep_calendar',
    handler: newCondition.send,
    again: newCondition.again,
  },
  { method: 'get', path: '/trials/:trial/calendar/entries/:entry', access: 'keep_calendar', handler: entryChange.open },
  {
    method: 'post',
    path: '/trials/:trial/calendar/entries/:entry',
    access: 'keep_calendar',
    handler: entryChange.send,
    again: entryChange.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/calendar/entries/:entry/met',
    access: 'keep_calendar',
    handler: entryMet.open,
  },
  {
    method: 'post',
    path: '/trials/:trial/calendar/entries/:entry/met',
    access: 'keep_calendar',
    handler: entryMet.send,
    again: entryMet.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/calendar/entries/:entry/void',
    access: 'keep_calendar',
    handler: entryVoid.open,
  },
  {
    method: 'post',
    path: '/trials/:trial/calendar/entries/:entry/void',
    access: 'keep_calendar',
    handler: entryVoid.send,
    again: entryVoid.again,
  },
  {
    method: 'get',
    path: '/trials/:trial/calendar/reports/:scheme/:from',
    access: 'keep_calendar',
    handler: reportSubmission.open,
  },
  {
    method: 'post',
    path: '/trials/:trial/calendar/reports/:scheme/:from',
    access: 'keep_calendar',
    handler: reportSubmission.send,
    again: reportSubmission.again,
  },
  { method: 'post', path: '/trials/:trial/calendar/feeds', access: 'see_counts', handler: createFeed, again: null },
  {
    method: 'get',
    path: '/trials/:trial/calendar/feeds/:feed/revocation',
    access: 'see_counts',
    handler: askRevocation,
  },
  {
    method: 'post',
    path: '/trials/:trial/calendar/feeds/:feed/revocation',
    access: 'see_counts',
    handler: revokeFeed,
    again: null,
  },

  { method: 'get', path: '/trials/:trial/settings', access: 'configure_trial', handler: showSettings },
  { method: 'get', path: '/trials/:trial/settings/:section', access: 'configure_trial', handler: showSection },
  { method: 'get', path: '/trials/:trial/settings/:section/new', access: 'configure_trial', handler: newSetting },
  {
    method: 'post',
    path: '/trials/:trial/settings/:section',
    access: 'configure_trial',
    handler: createSetting,
    again: showNewSettingAgain,
  },
  {
    method: 'post',
    path: '/trials/:trial/settings/:section/offers',
    access: 'configure_trial',
    handler: takeOffer,
    again: null,
  },
  {
    method: 'get',
    path: '/trials/:trial/settings/:section/entries/:entry',
    access: 'configure_trial',
    handler: editSetting,
  },
  {
    method: 'post',
    path: '/trials/:trial/settings/:section/entries/:entry',
    access: 'configure_trial',
    handler: changeSetting,
    again: showSettingAgain,
  },
  {
    method: 'post',
    path: '/trials/:trial/settings/:section/entries/:entry/place',
    access: 'configure_trial',
    handler: moveSetting,
    again: null,
  },
  {
    method: 'get',
    path: '/trials/:trial/settings/:section/entries/:entry/retirement',
    access: 'configure_trial',
    handler: askRetirement,
  },
  {
    method: 'post',
    path: '/trials/:trial/settings/:section/entries/:entry/retirement',
    access: 'configure_trial',
    handler: retireSetting,
    again: null,
  },
  { method: 'get', path: '/trials/:trial/audit', access: 'see_audit', handler: showAudit },
  { method: 'get', path: '/trials/:trial/audit.csv', access: 'see_audit', handler: exportAudit },

  { method: 'get', path: '/trials/:trial/import', access: 'log_subjects', handler: newImport },
  {
    method: 'post',
    path: '/trials/:trial/import',
    access: 'log_subjects',
    handler: checkImport,
    again: showImportAgain,
  },
  {
    method: 'post',
    path: '/trials/:trial/import/confirm',
    access: 'log_subjects',
    handler: confirmImport,
    again: showImportAgain,
  },
  { method: 'get', path: '/trials/:trial/import/jobs/:job', access: 'log_subjects', handler: showImportProgress },

  { method: 'get', path: '/trials/:trial/subjects', access: 'see_subjects', handler: listSubjectsOfTrial },
  { method: 'get', path: '/trials/:trial/subjects.csv', access: 'see_subjects', handler: exportCsv },
  { method: 'get', path: '/trials/:trial/subjects.xlsx', access: 'see_subjects', handler: exportXlsx },
  { method: 'get', path: '/trials/:trial/print/screening-log', access: 'see_subjects', handler: printScreeningLog },
  {
    method: 'get',
    path: '/trials/:trial/print/registration-log',
    access: 'see_subjects',
    handler: printRegistrationLog,
  },
  {
    method: 'get',
    path: '/trials/:trial/print/identification-codes',
    access: 'see_subjects',
    handler: printIdentificationCodes,
  },
  {
    method: 'post',
    path: '/trials/:trial/subjects',
    access: 'log_subjects',
    handler: createSubject,
    again: showScreeningAgain,
  },
  { method: 'get', path: '/trials/:trial/subjects/new', access: 'log_subjects', handler: newScreening },
  { method: 'get', path: '/trials/:trial/subjects/:subject', access: 'see_subjects', handler: showSubject },
  { method: 'get', path: '/trials/:trial/subjects/:subject/events/new', access: 'log_subjects', handler: newEvent },
  {
    method: 'post',
    path: '/trials/:trial/subjects/:subject/events',
    access: 'log_subjects',
    handler: confirmOrRecordEvent,
    again: showEventAgain,
  },
  {
    method: 'get',
    path: '/trials/:trial/subjects/:subject/events/:event/corrections/new',
    access: 'log_subjects',
    handler: newCorrection,
  },
  {
    method: 'post',
    path: '/trials/:trial/subjects/:subject/events/:event/corrections',
    access: 'log_subjects',
    handler: createCorrection,
    again: showCorrectionAgain,
  },
  {
    method: 'get',
    path: '/trials/:trial/subjects/:subject/events/:event/taking-back/new',
    access: 'log_subjects',
    handler: newTakingBack,
  },
  {
    method: 'post',
    path: '/trials/:trial/subjects/:subject/events/:event/taking-back',
    access: 'log_subjects',
    handler: createTakingBack,
    again: showTakingBackAgain,
  },
  { method: 'get', path: '/trials/:trial/subjects/:subject/void/new', access: 'void_subjects', handler: newVoid },
  {
    method: 'post',
    path: '/trials/:trial/subjects/:subject/void',
    access: 'void_subjects',
    handler: createVoid,
    again: showVoidAgain,
  },
  {
    method: 'get',
    path: '/trials/:trial/subjects/:subject/allocation/new',
    access: 'record_allocation',
    handler: newAllocation,
  },
  {
    method: 'post',
    path: '/trials/:trial/subjects/:subject/allocation',
    access: 'record_allocation',
    handler: createAllocation,
    again: showAllocationAgain,
  },
  {
    method: 'get',
    path: '/trials/:trial/subjects/:subject/override/new',
    access: 'override_period',
    handler: newOverride,
  },
  {
    method: 'post',
    path: '/trials/:trial/subjects/:subject/override',
    access: 'override_period',
    handler: createOverride,
    again: showOverrideAgain,
  },
]
