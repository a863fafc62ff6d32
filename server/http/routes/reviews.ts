/** Periodic reviews, their signature and report. */

import { showCurrentReport, showReport, showSignedContent } from '../review-report.ts'
import { createReviewSignature, newReviewSignature, showSignatureAgain } from '../review-signature.ts'
import {
  createFreezing,
  createReview,
  createReviewComment,
  createReviewMeasures,
  listReviewsOfTrial,
  showReview,
  showReviewAgain,
} from '../reviews.ts'
import { get, post, type Route } from '../route.ts'

export const reviewsRoutes: readonly Route[] = [
  get('/trials/:trial/reviews', 'see_counts', listReviewsOfTrial),
  post('/trials/:trial/reviews', 'sign_reviews', createReview, null),
  get('/trials/:trial/reviews/current', 'see_counts', showCurrentReport),
  get('/trials/:trial/reviews/:review', 'see_counts', showReview),
  get('/trials/:trial/reviews/:review/report', 'see_counts', showReport),
  get('/trials/:trial/reviews/:review/report.json', 'see_counts', showSignedContent),
  post('/trials/:trial/reviews/:review/comments', 'sign_reviews', createReviewComment, showReviewAgain),
  post('/trials/:trial/reviews/:review/measures', 'sign_reviews', createReviewMeasures, showReviewAgain),
  post('/trials/:trial/reviews/:review/freezing', 'sign_reviews', createFreezing, showReviewAgain),
  get('/trials/:trial/reviews/:review/signature/new', 'sign_reviews', newReviewSignature),
  post('/trials/:trial/reviews/:review/signature', 'sign_reviews', createReviewSignature, showSignatureAgain),
]
