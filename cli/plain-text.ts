/** Text from elsewhere, made safe for a terminal: without the control characters that could move its cursor or worse. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it takes out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}
