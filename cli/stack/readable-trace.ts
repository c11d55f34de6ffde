import { SourceMap } from 'node:module';

/** A source map, as esbuild writes it. */
export type SourceMapFile = ConstructorParameters<typeof SourceMap>[0];

/** A place in a bundle, as V8 writes it: on Lambda, in the embedded default, or in what an earlier version deployed. */
const place = /(?:file:\/\/)?[^\s("'<>]*\bindex\.m?js:(\d+):(\d+)/g;

/**
 * A stack trace of a handler, or any text that has one in it, with the places in the source in place of those in the bundle. What
 * the map does not know stays as it is.
 */
export function readableTrace(text: string, mapFile: SourceMapFile): string {
  const map = new SourceMap(mapFile);
  return text.replaceAll(place, (inBundle, line: string, column: string) => {
    const origin = map.findOrigin(Number(line), Number(column));
    return 'fileName' in origin
      ? `${fromRepository(origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`
      : inBundle;
  });
}

/** Maps name sources as seen from the bundle's folder. */
const fromRepository = (source: string) => source.replace(/^(\.\.\/)+/, '');
