import { type LocalNames, namesOf, place } from './local-names.ts';

/** One resource as CloudFormation knows it, with its intrinsic functions still in place. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** The part of a CloudFormation template that the embedded relay reads. */
export interface CloudFormationTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** A resource of the stack, with the names it has in the embedded relay. */
export interface LocalResource extends LocalNames {
  readonly logicalId: string;
  readonly type: string;
  /** Its properties with every intrinsic function resolved. Throws what {@link LocalStack.resolve} throws. */
  properties(): Record<string, unknown>;
  /** Where it is in the construct tree, such as `RevealRelay/Relay/Poll`; the logical id where CDK left no note of it. */
  readonly path: string;
  readonly assetFolder: string | undefined;
}

/** A synthesised stack, as it would be after a deployment to a place that exists only in this process. */
export class LocalStack {
  readonly name: string;
  readonly #template: CloudFormationTemplate;

  constructor(name: string, template: CloudFormationTemplate) {
    this.name = name;
    this.#template = template;
  }

  get resources(): LocalResource[] {
    return Object.keys(this.#template.Resources).map((logicalId) => this.resource(logicalId));
  }

  ofType(...types: readonly string[]): LocalResource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  resource(logicalId: string): LocalResource {
    const resource = this.#template.Resources[logicalId];
    if (!resource) throw new TemplateError(`There is no resource ${logicalId} in the template.`);
    const path = resource.Metadata?.['aws:cdk:path'];
    const asset = resource.Metadata?.['aws:asset:path'];
    return {
      logicalId,
      type: resource.Type,
      path: typeof path === 'string' ? path.replace(/\/(Resource|Default)$/, '') : logicalId,
      assetFolder: typeof asset === 'string' ? asset : undefined,
      properties: () => {
        if (resource.Condition) {
          throw new TemplateError(
            `${logicalId} (${resource.Type}) depends on the condition ${resource.Condition}, and the embedded relay evaluates none.`,
          );
        }
        return this.resolve(resource.Properties ?? {}, logicalId) as Record<string, unknown>;
      },
      ...namesOf(this.name, logicalId, resource),
    };
  }

  /** The stack's outputs, by name. */
  outputs(): Record<string, unknown> {
    const outputs = Object.entries(this.#template.Outputs ?? {});
    return Object.fromEntries(outputs.map(([name, { Value }]) => [name, this.resolve(Value, `the output ${name}`)]));
  }

  /**
   * Replaces the intrinsic functions in `value`, as CloudFormation would.
   *
   * @param within whose property it is, for the error
   * @throws TemplateError on a function, parameter or attribute that the embedded relay does not know
   */
  resolve(value: unknown, within: string): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item, within));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    if (name !== undefined && entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
      return this.#apply(name, argument, within);
    }
    return Object.fromEntries(entries.map(([key, item]) => [key, this.resolve(item, within)]));
  }

  #apply(name: string, argument: unknown, within: string): unknown {
    const unknown = () =>
      new TemplateError(
        `${within} uses ${name} with ${JSON.stringify(argument)}, which the embedded relay cannot resolve.`,
      );
    switch (name) {
      case 'Ref': {
        if (typeof argument !== 'string') throw unknown();
        return this.#reference(argument, within);
      }
      case 'Fn::GetAtt': {
        const [logicalId, attribute] = typeof argument === 'string' ? argument.split('.', 2) : (argument as string[]);
        return this.#attribute(String(logicalId), String(attribute), within);
      }
      case 'Fn::Join': {
        const [separator, list] = argument as [string, unknown];
        const parts = this.resolve(list, within);
        if (!Array.isArray(parts)) throw unknown();
        return parts.join(separator);
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown];
        return String(this.resolve(text, within)).split(separator);
      }
      case 'Fn::Select': {
        const [index, list] = argument as [number | string, unknown];
        const parts = this.resolve(list, within);
        if (!Array.isArray(parts)) throw unknown();
        return parts[Number(index)];
      }
      case 'Fn::Sub': {
        const [text, names] = (Array.isArray(argument) ? argument : [argument, {}]) as [
          string,
          Record<string, unknown>,
        ];
        return this.#substitute(text, names, within);
      }
      default:
        throw unknown();
    }
  }

  #substitute(text: string, names: Record<string, unknown>, within: string): string {
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (Object.hasOwn(names, name)) return String(this.resolve(names[name], within));
      const [logicalId, attribute] = name.split('.', 2);
      return attribute === undefined
        ? this.#reference(name, within)
        : this.#attribute(String(logicalId), attribute, within);
    });
  }

  #reference(name: string, within: string): string {
    const pseudo: Record<string, string> = {
      'AWS::Region': place.region,
      'AWS::AccountId': place.account,
      'AWS::Partition': place.partition,
      'AWS::URLSuffix': place.urlSuffix,
      'AWS::StackName': this.name,
      'AWS::StackId': `arn:aws:cloudformation:${place.region}:${place.account}:stack/${this.name}/embedded`,
    };
    const value = pseudo[name] ?? this.#parameter(name);
    if (value !== undefined) return value;
    if (!Object.hasOwn(this.#template.Resources, name)) {
      throw new TemplateError(
        `${within} refers to ${name}, which is neither a resource nor a parameter with a default.`,
      );
    }
    return this.resource(name).reference;
  }

  #parameter(name: string): string | undefined {
    const parameter = this.#template.Parameters?.[name];
    // The default of an SSM parameter is the name under which its value is stored, not the value.
    if (!parameter || parameter.Type.startsWith('AWS::SSM::') || parameter.Default === undefined) return undefined;
    return String(parameter.Default);
  }

  #attribute(logicalId: string, attribute: string, within: string): string {
    const { type, attributes } = this.resource(logicalId);
    const value = attributes[attribute];
    if (value === undefined) {
      throw new TemplateError(
        `${within} uses the attribute ${attribute} of ${logicalId} (${type}), which the embedded relay does not give it.`,
      );
    }
    return value;
  }
}

/** The template asks for something that the embedded relay cannot give. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}
