import type { LocalStack } from '../template/template.ts';

/** One statement of a function's resource policy. */
interface Statement {
  readonly functionArn: string;
  readonly principal: string;
  /** What the ARN of the caller must look like; undefined where any of the service's may call. */
  readonly source: RegExp | undefined;
}

/** Who may invoke which function: what the AWS::Lambda::Permission resources of the template say. */
export class InvokePermissions {
  readonly #statements: readonly Statement[];

  constructor(stack: LocalStack) {
    const arns = new Map(
      stack
        .ofType('AWS::Lambda::Function')
        .flatMap(({ reference, attributes: { Arn = '' } }) => [[reference, Arn] as const, [Arn, Arn] as const]),
    );
    this.#statements = stack.ofType('AWS::Lambda::Permission').flatMap(({ properties }) => {
      const { Action, FunctionName, Principal, SourceArn } = properties();
      const functionArn = arns.get(String(FunctionName));
      if (functionArn === undefined || !['lambda:InvokeFunction', 'lambda:*'].includes(String(Action))) return [];
      const source = SourceArn === undefined ? undefined : arnLike(String(SourceArn));
      return [{ functionArn, principal: String(Principal), source }];
    });
  }

  /** @param sourceArn what the service presents as the source of the call */
  allows(functionArn: string, principal: string, sourceArn: string): boolean {
    return this.#statements.some(
      (statement) =>
        statement.functionArn === functionArn &&
        statement.principal === principal &&
        (statement.source?.test(sourceArn) ?? true),
    );
  }
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN */
function arnLike(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
