import { type LocalStack, TemplateError } from './template.ts';

/** What the embedded relay runs. */
const withAdapter = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::SQS::Queue',
  'AWS::Scheduler::Schedule',
  'AWS::SecretsManager::Secret',
  'AWS::StepFunctions::StateMachine',
]);

/** What has nothing to do here: roles whose permissions nobody checks, logs that are printed, alarms nobody is paged by. */
const withoutLocalMeaning = [
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Events::EventBusPolicy',
  'AWS::IAM::*',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::ResourcePolicy',
];

/**
 * Makes sure that nothing of the template is silently left out: what runs here is what `cdk deploy` ships, or nothing.
 *
 * @throws TemplateError naming every resource that there is no adapter for, or two that have one name
 */
export function checkResources(stack: LocalStack): void {
  checkNames(stack);
  const unknown = stack.resources.filter(({ type }) => !withAdapter.has(type) && !hasNoLocalMeaning(type));
  if (unknown.length === 0) return;
  const list = unknown.map(({ logicalId, type }) => `${logicalId} (${type})`).join(', ');
  throw new TemplateError(
    `The embedded relay has no adapter for ${list}: write one and name it in local/template/adapters.ts, or list the type there as without local meaning.`,
  );
}

/** Two resources of a type cannot have one name: CloudFormation would find the second one there already. */
function checkNames(stack: LocalStack): void {
  const seen = new Map<string, string>();
  for (const { logicalId, type, reference } of stack.resources) {
    const first = seen.get(`${type} ${reference}`);
    if (first) throw new TemplateError(`${first} and ${logicalId} (${type}) have the same name, ${reference}.`);
    seen.set(`${type} ${reference}`, logicalId);
  }
}

function hasNoLocalMeaning(type: string): boolean {
  return withoutLocalMeaning.some((known) =>
    known.endsWith('*') ? type.startsWith(known.slice(0, -1)) : type === known,
  );
}
