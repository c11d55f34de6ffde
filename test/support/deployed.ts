import type { CloudFormationTemplate } from '../../local/template/template.ts';
import { testAssembly } from './assembly.ts';
import type { SynthesisedResource } from './synthesised.ts';

/** The template of what `cdk deploy` would ship, for tests that look at its parts. */
export class Deployed {
  readonly #template: CloudFormationTemplate;

  constructor(template: CloudFormationTemplate) {
    this.#template = template;
  }

  static async read(): Promise<Deployed> {
    return new Deployed((await testAssembly()).template);
  }

  ofType(type: string): SynthesisedResource[] {
    return Object.entries(this.#template.Resources)
      .filter(([, { Type }]) => Type === type)
      .map(([logicalId, { Properties = {}, ...rest }]) => ({ logicalId, Properties, ...rest }));
  }

  /** @throws Error where there are none or several */
  only(type: string, logicalId = /./): SynthesisedResource {
    const [found, ...more] = this.ofType(type).filter((resource) => logicalId.test(resource.logicalId));
    if (!found || more.length > 0) throw new Error(`not exactly one ${type}`);
    return found;
  }

  output(name: string): unknown {
    return this.#template.Outputs?.[name]?.Value;
  }
}
