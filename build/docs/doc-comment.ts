// TypeScript 7 has no API that reads sources.
import ts from 'typescript-5';

/** What the comment before a declaration says, in Markdown. */
export interface DocComment {
  /** Empty where there is none. */
  readonly text: string;
  readonly default?: string;
  readonly returns?: string;
  readonly throws?: string;
  readonly see?: string;
  readonly params: readonly { readonly name: string; readonly text: string }[];
}

/** Reads the last comment before `node`, which is the one that belongs to it. */
export function docComment(node: ts.Node): DocComment {
  const doc = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1);
  const tags: readonly ts.JSDocTag[] = doc?.tags ?? [];
  const tag = (...names: string[]) => {
    const found = tags.find(({ tagName }) => names.includes(tagName.text));
    return found && (markdown(found.comment) || undefined);
  };
  return {
    text: markdown(doc?.comment),
    default: tag('default')?.replace(/^- /, ''),
    returns: tag('returns'),
    throws: tag('throws'),
    see: seen(tags),
    params: tags
      .filter(ts.isJSDocParameterTag)
      .map(({ name, comment }) => ({ name: name.getText(), text: markdown(comment) })),
  };
}

/** What follows `@see`: an address, of which TypeScript makes a name and a comment. */
function seen(tags: readonly ts.JSDocTag[]): string | undefined {
  const [, address] = tags.map((tag) => /^@see\s+(\S+)/.exec(tag.getText())).find(Boolean) ?? [];
  return address;
}

/** Lines of a paragraph joined; links by the name that they point to. */
function markdown(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  const text =
    typeof comment === 'string'
      ? comment
      : (comment ?? [])
          .map((part) => ('name' in part && part.name ? `\`${part.name.getText()}\`` : part.text))
          .join('');
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, ' ').trim())
    .join('\n\n')
    .trim();
}
