/** Attaching a file to a change request: the form, and the file. */
import { attachFile } from '../../actions/attach-file.ts'
import { isRefused, type Problem } from '../../domain/parsed.ts'
import { attachmentFormPage } from '../../pages/requests/request-form-page.ts'
import { requestAddress } from '../../pages/requests/request-words.ts'
import { isWritable } from '../forms.ts'
import type { Reply, TrialVisit } from '../visit.ts'
import { findRequestHere } from './read-request.ts'

export async function newAttachment(visit: TrialVisit): Promise<Reply> {
  return show(visit, [], 200)
}

export async function createAttachment(visit: TrialVisit): Promise<Reply> {
  const { actor, context, request, trial } = visit
  const found = await findRequestHere(visit)
  if (found === null) return { error: 'not_found' }
  const { file, uploadProblem } = request
  if (uploadProblem !== undefined) return show(visit, [uploadProblem], 422)
  if (file === undefined) return show(visit, [{ field: 'file', code: 'file_missing' }], 422)
  const name = nameOf(file.originalname)
  if (name === null) return show(visit, [{ field: 'file', code: 'text_malformed' }], 422)
  const outcome = await attachFile(context, actor, trial.id, found.record.number, { name, content: file.buffer })
  if (isRefused(outcome)) return show(visit, outcome.problems, 422)
  return { seeOther: `${requestAddress(trial, found.record.number)}?done=attached` }
}

export function showAttachmentAgain(visit: TrialVisit, problems: readonly Problem[]): Promise<Reply> {
  return show(visit, problems, 422)
}

/** The name without a folder, at most as long as a file may be called; null for what cannot be written down. */
function nameOf(sent: string): string | null {
  const name = (sent.split(/[/\\]/).at(-1) ?? '').trim()
  return name === '' || [...name].length > 200 || !isWritable(name) || /[\n\r\t]/.test(name) ? null : name
}

async function show(visit: TrialVisit, problems: readonly Problem[], status: number): Promise<Reply> {
  const request = await findRequestHere(visit)
  if (request === null) return { error: 'not_found' }
  const { context, trial, words } = visit
  const submissionKey = context.newId()
  return { page: attachmentFormPage({ trial, request, problems, submissionKey }, words), status }
}
