import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript-5';
import { type DocComment, docComment } from './doc-comment.ts';

/** Something public, as a reader sees it: without bodies, and without what is private. */
export interface Declared {
  readonly name: string;
  readonly kind: 'class' | 'interface' | 'type' | 'function' | 'const';
  /** As code. Of a class, its constructor. */
  readonly signature: string;
  readonly doc: DocComment;
  readonly members: readonly Member[];
  /** From the root of the repository. */
  readonly path: string;
  /** What is made from something else is described there. */
  readonly isGenerated: boolean;
}

export interface Member {
  readonly name: string;
  readonly signature: string;
  readonly type: string;
  readonly doc: DocComment;
  /** Of an object that is described in place. */
  readonly members: readonly Member[];
}

/** What a module exports, in the order of its source; what it hands on from other files included. */
export function exportsOf(path: string, repository: string): Declared[] {
  const source = parse(path);
  const found: Declared[] = [];
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier && statement.exportClause) {
      const target = join(dirname(path), (statement.moduleSpecifier as ts.StringLiteral).text);
      const wanted = (statement.exportClause as ts.NamedExports).elements.map(({ name }) => name.text);
      const there = exportsOf(target, repository);
      found.push(
        ...wanted.map((name) => there.find((declared) => declared.name === name)).filter((one) => one !== undefined),
      );
    } else if (isExported(statement)) {
      found.push(...declaredIn(statement, source, relative(repository, path).replaceAll('\\', '/')));
    }
  }
  return found;
}

const parsed = new Map<string, ts.SourceFile>();

function parse(path: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known) return known;
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  parsed.set(path, source);
  return source;
}

const hasModifier = (node: ts.Node, ...kinds: ts.SyntaxKind[]) =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kinds.includes(kind));
const isExported = (node: ts.Node) => hasModifier(node, ts.SyntaxKind.ExportKeyword);

function declaredIn(statement: ts.Statement, source: ts.SourceFile, path: string): Declared[] {
  const isGenerated = /^\/\*\* Made from /.test(source.text);
  const declared = (rest: Omit<Declared, 'doc' | 'path' | 'isGenerated'>): Declared[] => [
    { ...rest, doc: docComment(statement), path, isGenerated },
  ];
  if (ts.isInterfaceDeclaration(statement)) {
    const name = statement.name.text;
    const members = [...membersOf(statement.members), ...inherited(statement, source)];
    return declared({ name, kind: 'interface', signature: '', members });
  }
  if (ts.isClassDeclaration(statement) && statement.name) {
    const name = statement.name.text;
    const made = statement.members.find(ts.isConstructorDeclaration);
    const signature = made && !isHidden(made) ? `new ${name}(${parameters(made)})` : '';
    return declared({ name, kind: 'class', signature, members: membersOf(statement.members) });
  }
  if (ts.isTypeAliasDeclaration(statement)) {
    const name = statement.name.text;
    const list = listBehind(statement.type, source);
    return declared({ name, kind: 'type', signature: list?.signature ?? flat(statement.type), members: [] }).map(
      (one) => (one.doc.text || !list ? one : { ...one, doc: list.doc }),
    );
  }
  if (ts.isFunctionDeclaration(statement) && statement.name) {
    return declared({ name: statement.name.text, kind: 'function', signature: callable(statement), members: [] });
  }
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name, type, initializer }) =>
      declared({ name: name.getText(), kind: 'const', signature: type ? flat(type) : value(initializer), members: [] }),
    );
  }
  return [];
}

/** What an interface has of others of ours. */
function inherited({ heritageClauses }: ts.InterfaceDeclaration, source: ts.SourceFile): Member[] {
  const bases = (heritageClauses ?? []).flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
  return bases.flatMap((base) => {
    const home = homeOf(base, source);
    const found = home?.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === base);
    return home && found ? [...membersOf(found.members), ...inherited(found, home)] : [];
  });
}

/** The source that declares a name. Undefined where a package does. */
function homeOf(name: string, source: ts.SourceFile): ts.SourceFile | undefined {
  const imported = source.statements
    .filter(ts.isImportDeclaration)
    .find(({ importClause }) => new RegExp(`\\b${name}\\b`).test(importClause?.getText() ?? ''));
  if (!imported) return source;
  const { text } = imported.moduleSpecifier as ts.StringLiteral;
  return text.startsWith('.') ? parse(join(dirname(source.fileName), text)) : undefined;
}

/** `(typeof list)[number]`, or the same of an object, is one of what stands in the list. */
function listBehind(type: ts.TypeNode, source: ts.SourceFile): { signature: string; doc: DocComment } | undefined {
  const name = /^\(typeof (\w+)\)\[/.exec(type.getText())?.[1];
  const statement = source.statements
    .filter(ts.isVariableStatement)
    .find(({ declarationList }) => declarationList.declarations[0]?.name.getText() === name);
  const initializer = statement?.declarationList.declarations[0]?.initializer;
  if (!statement || !initializer) return undefined;
  const literals = [...initializer.getText().matchAll(/'[^'\n]*'(?=,|\s*[\]}])/g)].map(([literal]) => literal);
  return { signature: literals.join(' | '), doc: docComment(statement) };
}

function membersOf(members: ts.NodeArray<ts.ClassElement | ts.TypeElement>): Member[] {
  return (
    [...members]
      .filter(
        (member) =>
          !isHidden(member) && !ts.isConstructorDeclaration(member) && !ts.isIndexSignatureDeclaration(member),
      )
      // What overrides is described where it comes from.
      .filter((member) => !hasModifier(member, ts.SyntaxKind.OverrideKeyword))
      .map(member)
  );
}

function isHidden(member: ts.ClassElement | ts.TypeElement): boolean {
  return (
    hasModifier(member, ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword) ||
    (member.name !== undefined && ts.isPrivateIdentifier(member.name))
  );
}

function member(node: ts.ClassElement | ts.TypeElement): Member {
  const name = node.name?.getText() ?? '';
  const doc = docComment(node);
  if (ts.isMethodDeclaration(node) || ts.isMethodSignature(node)) {
    const isStatic = hasModifier(node, ts.SyntaxKind.StaticKeyword);
    return { name, signature: (isStatic ? 'static ' : '') + callable(node), type: '', doc, members: [] };
  }
  const typeNode = 'type' in node ? (node.type as ts.TypeNode | undefined) : undefined;
  const type = typeNode ? flat(typeNode) : '';
  const mark = 'questionToken' in node && node.questionToken ? '?' : '';
  const members = typeNode && ts.isTypeLiteralNode(typeNode) ? membersOf(typeNode.members) : [];
  return { name, signature: `${name}${mark}${type && `: ${type}`}`, type, doc, members };
}

function callable(node: ts.SignatureDeclarationBase): string {
  const name = node.name?.getText() ?? '';
  return `${name}${generics(node)}(${parameters(node)})${node.type ? `: ${flat(node.type)}` : ''}`;
}

const generics = ({ typeParameters }: ts.SignatureDeclarationBase) =>
  typeParameters ? `<${typeParameters.map(flat).join(', ')}>` : '';

const parameters = (node: ts.SignatureDeclarationBase) =>
  node.parameters
    .map(({ name, type, initializer, questionToken }) => {
      // A parameter that is taken apart has no name.
      const shown = ts.isIdentifier(name) ? name.text : 'options';
      return `${shown}${initializer || questionToken ? '?' : ''}${type ? `: ${flat(type)}` : ''}`;
    })
    .join(', ');

/** Without comments, on one line. */
const flat = (node: ts.Node) =>
  printer
    .printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/readonly (?=\w+\??:)/g, '')
    .replaceAll(/[;,] }/g, ' }');
const printer = ts.createPrinter({ removeComments: true });

const value = (initializer: ts.Expression | undefined) =>
  initializer ? flat(initializer).replace(/ as const$/, '') : '';
