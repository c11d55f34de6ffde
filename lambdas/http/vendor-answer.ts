import { showAnswer } from '../usecases/showing/show.ts';
import type { HttpRequest } from './http-request.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';

/** As far as a header of ours may repeat it: a type, and parameters in printable ASCII. */
const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+[ -~]*$/;

/** `GET /reveals/{id}/answer`: what the vendor has answered, byte for byte, under the vendor's own content type. */
export async function answerWithVendorAnswer(
  { id }: HttpRequest,
  showing: Parameters<typeof showAnswer>[1],
): Promise<HttpAnswer> {
  const answer = await showAnswer(id, showing);
  if (typeof answer === 'string') return problemAnswer(answer, answer === 'no-answer' ? { revealId: id } : {});
  const { bytes, contentType = '' } = answer;
  const headers = {
    'content-type': mediaType.test(contentType) ? contentType : 'application/octet-stream',
    // Somebody else's page is never shown as one of ours.
    'content-disposition': 'attachment',
  };
  return { status: 200, headers, bytes };
}
