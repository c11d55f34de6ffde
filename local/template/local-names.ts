import type { Resource } from './template.ts';

/** Where the embedded relay pretends to be. No request ever goes there. */
export const place = { region: 'us-east-1', account: '000000000000', partition: 'aws', urlSuffix: 'amazonaws.com' };

/** What a resource is called once it exists: what `Ref` and `Fn::GetAtt` answer. */
export interface LocalNames {
  readonly reference: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Names as CloudFormation would give them, without the random end, so that they stay the same from run to run. */
export function namesOf(
  stack: string,
  logicalId: string,
  { Type: type, Properties: given = {} }: Resource,
): LocalNames {
  const named = (property: string) => (typeof given[property] === 'string' ? given[property] : `${stack}-${logicalId}`);
  switch (type) {
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable': {
      const name = named('TableName');
      return { reference: name, attributes: { Arn: arn('dynamodb', `table/${name}`) } };
    }
    case 'AWS::Lambda::Function': {
      const name = named('FunctionName');
      return { reference: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
    }
    case 'AWS::StepFunctions::StateMachine': {
      const name = named('StateMachineName');
      const machine = arn('states', `stateMachine:${name}`);
      return { reference: machine, attributes: { Arn: machine, Name: name } };
    }
    case 'AWS::SecretsManager::Secret': {
      const secret = arn('secretsmanager', `secret:${named('Name')}-embedd`);
      return { reference: secret, attributes: { Id: secret } };
    }
    case 'AWS::Events::EventBus': {
      const name = named('Name');
      return { reference: name, attributes: { Name: name, Arn: busArn(name) } };
    }
    case 'AWS::Events::Rule': {
      const name = named('Name');
      const bus =
        typeof given.EventBusName === 'string' && given.EventBusName !== 'default' ? `${given.EventBusName}/` : '';
      return { reference: name, attributes: { Arn: arn('events', `rule/${bus}${name}`) } };
    }
    case 'AWS::SQS::Queue': {
      const name = named('QueueName');
      const url = `https://sqs.${place.region}.${place.urlSuffix}/${place.account}/${name}`;
      return { reference: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
    }
    case 'AWS::ApiGatewayV2::Api': {
      const endpoint = `https://${logicalId}.execute-api.${place.region}.${place.urlSuffix}`;
      return { reference: logicalId, attributes: { ApiId: logicalId, ApiEndpoint: endpoint } };
    }
    case 'AWS::IAM::Role': {
      const name = named('RoleName');
      return { reference: name, attributes: { Arn: `arn:${place.partition}:iam::${place.account}:role/${name}` } };
    }
    case 'AWS::Logs::LogGroup': {
      const name = named('LogGroupName');
      return { reference: name, attributes: { Arn: arn('logs', `log-group:${name}:*`) } };
    }
    default:
      return { reference: `${stack}-${logicalId}`, attributes: {} };
  }
}

export function busArn(name: string): string {
  return arn('events', `event-bus/${name}`);
}

export function executionArn(stateMachine: string, execution: string): string {
  return arn('states', `execution:${stateMachine}:${execution}`);
}

/** What API Gateway presents for a route when it invokes a function: for `$default`, which has neither method nor path, a shorter one. */
export function routeArn(api: string, routeKey: string, method: string): string {
  const [, path] = routeKey.split(' ');
  return arn('execute-api', `${api}/$default/${path === undefined ? routeKey : method + path}`);
}

function arn(service: string, rest: string): string {
  return `arn:${place.partition}:${service}:${place.region}:${place.account}:${rest}`;
}
