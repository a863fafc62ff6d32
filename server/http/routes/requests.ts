/** Change requests and the committee’s work. */

import { createAttachment, newAttachment, showAttachmentAgain } from '../requests/attachments.ts'
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
} from '../requests/drafts.ts'
import {
  askGuestRevocation,
  createGuestLink,
  createGuestRevocation,
  newGuestLink,
  showGuestLinkAgain,
} from '../requests/guest-links.ts'
import {
  conditionForm,
  decisionForm,
  detachmentForm,
  fulfilmentForm,
  inquiryForm,
  replyForm,
  withdrawalForm,
} from '../requests/small-forms.ts'
import {
  downloadAttachment,
  downloadReplies,
  downloadRequestDocument,
  listRequests,
  showReplay,
  showReplies,
  showRequest,
  showRequestDocument,
} from '../requests.ts'
import { get, post, type Route } from '../route.ts'

export const requestsRoutes: readonly Route[] = [
  get('/trials/:trial/requests', 'see_counts', listRequests),
  get('/trials/:trial/requests/new', 'write_requests', newRequest),
  post('/trials/:trial/requests', 'write_requests', createRequest, showNewRequestAgain),
  get('/trials/:trial/requests/:request', 'see_counts', showRequest),
  get('/trials/:trial/requests/:request/document', 'see_counts', showRequestDocument),
  get('/trials/:trial/requests/:request/document.docx', 'see_counts', downloadRequestDocument),
  get('/trials/:trial/requests/:request/replies', 'see_counts', showReplies),
  get('/trials/:trial/requests/:request/replies.docx', 'see_counts', downloadReplies),
  get('/trials/:trial/requests/:request/replay', 'see_counts', showReplay),
  get('/trials/:trial/requests/:request/draft', 'write_requests', editDraft),
  post('/trials/:trial/requests/:request/draft', 'write_requests', saveDraft, showDraftAgain),
  get('/trials/:trial/requests/:request/submission', 'write_requests', askSubmission),
  post('/trials/:trial/requests/:request/submission', 'write_requests', sendRequest, showSubmissionAgain),
  get('/trials/:trial/requests/:request/withdrawal', 'write_requests', withdrawalForm.ask),
  post('/trials/:trial/requests/:request/withdrawal', 'write_requests', withdrawalForm.send, withdrawalForm.again),
  get('/trials/:trial/requests/:request/inquiries/new', 'judge_requests', inquiryForm.ask),
  post('/trials/:trial/requests/:request/inquiries', 'judge_requests', inquiryForm.send, inquiryForm.again),
  get('/trials/:trial/requests/:request/inquiries/:inquiry/reply', 'write_requests', replyForm.ask),
  post('/trials/:trial/requests/:request/inquiries/:inquiry/reply', 'write_requests', replyForm.send, replyForm.again),
  get('/trials/:trial/requests/:request/decisions/new', 'judge_requests', decisionForm.ask),
  post('/trials/:trial/requests/:request/decisions', 'judge_requests', decisionForm.send, decisionForm.again),
  get('/trials/:trial/requests/:request/conditions/new', 'judge_requests', conditionForm.ask),
  post('/trials/:trial/requests/:request/conditions', 'judge_requests', conditionForm.send, conditionForm.again),
  get('/trials/:trial/requests/:request/conditions/:condition/fulfilment', 'write_requests', fulfilmentForm.ask),
  post(
    '/trials/:trial/requests/:request/conditions/:condition/fulfilment',
    'write_requests',
    fulfilmentForm.send,
    fulfilmentForm.again,
  ),
  get('/trials/:trial/requests/:request/guest-links/new', 'write_requests', newGuestLink),
  post('/trials/:trial/requests/:request/guest-links', 'write_requests', createGuestLink, showGuestLinkAgain),
  get('/trials/:trial/requests/:request/guest-links/:link/revocation', 'revoke_guest_links', askGuestRevocation),
  post(
    '/trials/:trial/requests/:request/guest-links/:link/revocation',
    'revoke_guest_links',
    createGuestRevocation,
    null,
  ),
  get('/trials/:trial/requests/:request/attachments/new', 'write_requests', newAttachment),
  post('/trials/:trial/requests/:request/attachments', 'write_requests', createAttachment, showAttachmentAgain),
  get('/trials/:trial/requests/:request/attachments/:attachment', 'see_counts', downloadAttachment),
  get('/trials/:trial/requests/:request/attachments/:attachment/withdrawal', 'write_requests', detachmentForm.ask),
  post(
    '/trials/:trial/requests/:request/attachments/:attachment/withdrawal',
    'write_requests',
    detachmentForm.send,
    detachmentForm.again,
  ),
]
