/** Periodic reviews: their frozen figures, what was said to them, and what was signed. */
import type { Actor, Context } from '../context.ts'
import type { CalendarDate } from '../domain/calendar-date.ts'
import type { Role } from '../domain/permission.ts'
import {
  measuresInForce,
  type Review,
  type ReviewComment,
  type ReviewedMeasure,
  type ReviewMeaning,
  type ReviewSummary,
  type SignedContent,
} from '../domain/review.ts'
import type { ReviewFigures } from '../domain/review-figures.ts'
import type { ReviewVerdict } from '../domain/review-judgement.ts'
import { canonicalJson, textHash } from './canonical-json.ts'
import { listCountermeasures } from './countermeasures.ts'
import type { Db } from './database.ts'
import { named } from './trials.ts'
import type { Write } from './write.ts'

function withSignatures(db: Db, trialId: string) {
  return db
    .selectFrom('review')
    .leftJoin('review_signature', 'review_signature.review_id', 'review.id')
    .select([
      'review.id',
      'due_on',
      'terms_version',
      'verdict',
      'opened_at',
      'frozen_at',
      'name_ja',
      'name_en',
      'role',
      'meaning',
      'signed_at',
    ])
    .where('review.trial_id', '=', trialId)
}
type SummaryRow = Awaited<ReturnType<ReturnType<typeof withSignatures>['executeTakeFirstOrThrow']>>

function summaryFrom(row: SummaryRow): ReviewSummary {
  return {
    id: row.id,
    dueOn: row.due_on as CalendarDate,
    termsVersion: row.terms_version,
    verdict: row.verdict as ReviewVerdict,
    frozenAt: row.frozen_at,
    signature:
      row.signed_at === null
        ? null
        : {
            name: { ja: row.name_ja ?? '', en: row.name_en ?? '' },
            role: row.role as Role,
            meaning: row.meaning as ReviewMeaning,
            signedAt: row.signed_at,
          },
  }
}

/** Every review that was prepared, the latest first; without their figures. */
export async function listReviews(db: Db, trialId: string): Promise<ReviewSummary[]> {
  const rows = await withSignatures(db, trialId).orderBy('due_on', 'desc').execute()
  return rows.map(summaryFrom)
}

/** Null where the trial has no such review. */
export async function findReview(db: Db, trialId: string, id: string): Promise<Review | null> {
  const row = await withSignatures(db, trialId)
    .select(['figures', 'figures_hash', 'measure_ids', 'content', 'content_hash'])
    .where('review.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return null
  const comments = await db
    .selectFrom('review_comment')
    .selectAll()
    .where('review_id', '=', id)
    .orderBy('written_at')
    .orderBy('id')
    .execute()
  const { content, content_hash: hash } = row
  return {
    ...summaryFrom(row),
    openedAt: row.opened_at,
    figures: JSON.parse(row.figures),
    figuresHash: row.figures_hash,
    measureIds: JSON.parse(row.measure_ids),
    comments: comments.map((comment) => ({
      id: comment.id,
      text: comment.text,
      name: { ja: comment.name_ja, en: comment.name_en },
      writtenAt: comment.written_at,
    })),
    signed: content === null || hash === null ? null : { content, hash },
  }
}

/** What somebody who is about to sign has before them, and its digest: another one as soon as anything of it is another. */
export type ReviewDraft = { review: Review; measures: ReviewedMeasure[]; seen: string }

/** The review with the measures that answer it on a day; null where the trial has no such review. */
export async function findReviewDraft(
  db: Db,
  trialId: string,
  id: string,
  on: CalendarDate,
): Promise<ReviewDraft | null> {
  const review = await findReview(db, trialId, id)
  if (review === null) return null
  const measures = measuresInForce(review.measureIds, await listCountermeasures(db, trialId), on)
  return { review, measures, seen: textHash(canonicalJson([id, review.figuresHash, review.comments, measures])) }
}

export async function insertReview(
  write: Write,
  context: Context,
  trialId: string,
  figures: ReviewFigures,
): Promise<string> {
  const id = context.newId()
  const now = context.now()
  const row = {
    id,
    trial_id: trialId,
    due_on: figures.asOf,
    terms_version: figures.judgement.termsVersion,
    opened_at: now,
    ...frozen(figures, now),
    measure_ids: '[]',
  }
  await write.insert('review', row, 'review_opened')
  return id
}

/** The figures once more, with what is known now. */
export async function refreezeReview(
  write: Write,
  context: Context,
  id: string,
  figures: ReviewFigures,
): Promise<void> {
  await write.revise('review', id, frozen(figures, context.now()), 'review_frozen_again', null)
}

function frozen(figures: ReviewFigures, at: string) {
  const text = canonicalJson(figures)
  return { verdict: figures.judgement.verdict, frozen_at: at, figures: text, figures_hash: textHash(text) }
}

export async function chooseReviewMeasures(write: Write, id: string, measureIds: readonly string[]): Promise<void> {
  await write.revise('review', id, { measure_ids: JSON.stringify(measureIds) }, 'review_measures_chosen', null)
}

export async function insertReviewComment(
  write: Write,
  context: Context,
  actor: Actor,
  trialId: string,
  reviewId: string,
  text: string,
): Promise<string> {
  const comment: ReviewComment = { id: context.newId(), text, name: actor.name, writtenAt: context.now() }
  const row = {
    id: comment.id,
    trial_id: trialId,
    review_id: reviewId,
    text,
    person_id: actor.personId,
    ...named('name', actor.name),
    written_at: comment.writtenAt,
  }
  await write.insert('review_comment', row, 'review_commented')
  return comment.id
}

/** Keeps the text that is signed with its digest. */
export async function insertSignature(write: Write, context: Context, content: SignedContent): Promise<void> {
  const { trialId, reviewId, signature } = content
  const text = canonicalJson(content)
  const row = {
    id: context.newId(),
    trial_id: trialId,
    review_id: reviewId,
    person_id: signature.personId,
    ...named('name', signature.name),
    role: signature.role,
    meaning: signature.meaning,
    signed_at: signature.signedAt,
    content: text,
    content_hash: textHash(text),
  }
  await write.insert('review_signature', row, 'review_signed')
}
