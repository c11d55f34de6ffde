/** An answer as it came: the body's bytes once transfer and content coding are undone, and what the header said they are. */
export interface RawAnswer {
  bytes: Uint8Array;
  /** The `Content-Type` header. */
  contentType?: string;
}

/** What stands in a text for bytes that are none in its charset: half a pair, which no well-formed text holds. */
const malformed = '\udfff';
const replacement = '\ufffd';
/** The replacement character itself, in UTF-8. */
const genuine = Buffer.from(replacement);

/**
 * The text of an answer. Bytes that are no text in their charset are marked by half a surrogate pair and not by U+FFFD, which the vendor
 * may have sent itself: so whoever asks whether a text `isWellFormed` knows that it is as it came.
 */
export function textOf({ bytes, contentType }: RawAnswer): string {
  const encoding = markedEncoding(bytes) ?? namedEncoding(contentType) ?? impliedEncoding(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return encoding === 'utf-8' ? markedUtf8(bytes) : marked(new TextDecoder(encoding).decode(bytes));
  }
}

/** A byte order mark outranks the header. @see https://encoding.spec.whatwg.org/#decode */
function markedEncoding([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xff && second === 0xfe ? 'utf-16le' : undefined;
}

/** The charset of the header, if it is one that can be read. */
function namedEncoding(contentType: string | undefined): string | undefined {
  const label = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1];
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** JSON begins with an ASCII character, and so tells its encoding: https://www.rfc-editor.org/rfc/rfc4627#section-3 */
function impliedEncoding([first, second]: Uint8Array): string {
  if (first === 0 && second) return 'utf-16be';
  return first && second === 0 ? 'utf-16le' : 'utf-8';
}

const marked = (text: string) => text.replaceAll(replacement, malformed);

/** Its first byte is the first byte of a character wherever it stands, so that the text may be cut there. */
function markedUtf8(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  let from = markedEncoding(bytes) === 'utf-8' ? 3 : 0;
  for (let at = buffer.indexOf(genuine, from); at >= 0; at = buffer.indexOf(genuine, from)) {
    parts.push(marked(buffer.toString('utf8', from, at)));
    from = at + genuine.length;
  }
  parts.push(marked(buffer.toString('utf8', from)));
  return parts.join(replacement);
}
