import { ofType, referredTo, shortName, type Template } from './template.ts';

/** What a picture shows, by the CloudFormation type: what people call it, and the brackets that Mermaid draws its shape by. */
const shapes: Readonly<Record<string, readonly [kind: string, open: string, close: string]>> = {
  'AWS::Lambda::Function': ['handler', '[', ']'],
  'AWS::StepFunctions::StateMachine': ['state machine', '[[', ']]'],
  'AWS::ApiGatewayV2::Api': ['HTTP API', '([', '])'],
  'AWS::Events::Rule': ['rule', '{{', '}}'],
  'AWS::Scheduler::Schedule': ['schedule', '{{', '}}'],
  'AWS::Events::EventBus': ['event bus', '([', '])'],
  'AWS::DynamoDB::GlobalTable': ['table', '[(', ')]'],
  'AWS::SecretsManager::Secret': ['secret', '[(', ')]'],
  'AWS::SQS::Queue': ['queue', '[(', ')]'],
};
const stores = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::SecretsManager::Secret',
  'AWS::SQS::Queue',
  'AWS::Events::EventBus',
];

/**
 * The parts of a template as a Mermaid flowchart: who calls whom, and which group of handlers may read or write which store. All of it is
 * read from the template: what calls from targets and integrations, what may be touched from the policies.
 */
export function architecturePicture(template: Template): string {
  const typeOf = (id: string) => template.Resources[id]?.Type ?? '';
  const roles = new Map(
    ofType(template, 'AWS::Lambda::Function').map(([id, { Role }]) => [referredTo(Role, template)[0], id]),
  );
  const [[machine = '', { RoleArn = '' } = {}] = []] = ofType(template, 'AWS::StepFunctions::StateMachine');
  roles.set(referredTo(RoleArn, template)[0], machine);

  const allowed = ofType(template, 'AWS::IAM::Policy').flatMap(([, { Roles, PolicyDocument }]) => {
    const holder = roles.get(referredTo(Roles, template)[0]);
    return holder === undefined ? [] : referredTo(PolicyDocument, template).map((target) => ({ holder, target }));
  });
  const inWorkflow = allowed.filter(({ holder }) => holder === machine).map(({ target }) => target);
  const fromApi = ofType(template, 'AWS::ApiGatewayV2::Integration').map(([, { ApiId, IntegrationUri }]) => [
    referredTo(ApiId, template)[0],
    referredTo(IntegrationUri, template)[0],
  ]);
  const fromRules = [...ofType(template, 'AWS::Events::Rule'), ...ofType(template, 'AWS::Scheduler::Schedule')].map(
    ([id, { Targets, Target }]) => [
      id,
      referredTo(Targets ?? Target, template).find((to) => typeOf(to) === 'AWS::Lambda::Function'),
    ],
  );
  const heard = ofType(template, 'AWS::Events::Rule').map(([id, { EventBusName }]) => [
    referredTo(EventBusName, template)[0] ?? 'states',
    id,
  ]);
  const called = [...fromApi, ...fromRules, ...inWorkflow.map((handler) => [machine, handler])];

  const groups = {
    workflow: inWorkflow,
    around: [...roles.values()].filter((id) => id !== machine && !inWorkflow.includes(id)),
  };
  const touched = allowed
    .filter(({ holder, target }) => holder !== machine && stores.includes(typeOf(target)))
    .map(({ holder, target }) => [groups.workflow.includes(holder) ? 'workflow' : holder, target]);
  const started = allowed
    .filter(({ holder, target }) => holder !== machine && target === machine)
    .map(({ holder }) => [holder, machine]);
  // Whoever may read the key asks the vendor.
  const asks = touched
    .filter(([, store]) => typeOf(store ?? '') === 'AWS::SecretsManager::Secret')
    .map(([who]) => [who, 'vendor']);

  const edges = [...heard, ...called, ...started, ...touched, ...asks].map(
    ([from, to]) => `    ${nodeName(from)} --> ${nodeName(to)}`,
  );
  const node = (id: string) => {
    const [kind, open, close] = shapes[typeOf(id)] ?? ['', '[', ']'];
    return `${nodeName(id)}${open}"${title(id)}<br/>${kind}"${close}`;
  };
  const drawn = Object.keys(template.Resources).filter((id) => typeOf(id) in shapes && !inWorkflow.includes(id));
  return [
    'flowchart LR',
    '    vendor(["Fiber AI"])',
    '    states(["Step Functions<br/>says what has ended"])',
    ...drawn.map((id) => `    ${node(id)}`),
    '    subgraph workflow["handlers of the workflow"]',
    ...inWorkflow.map((id) => `        ${node(id)}`),
    '    end',
    ...new Set(edges),
  ].join('\n');
}

const nodeName = (id = '') => (/^[a-z]+$/.test(id) ? id : shortName(id));
const title = (id: string) => shortName(id).replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
