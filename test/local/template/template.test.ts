// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are CloudFormation's own placeholders

import { expect, it } from 'vitest';
import { LocalStack, TemplateError } from '../../../local/template/template.ts';
import { testAssembly } from '../../support/assembly.ts';

const stack = new LocalStack('Relay', {
  Resources: {
    Table: { Type: 'AWS::DynamoDB::GlobalTable' },
    Named: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'my-table' } },
    Worker: { Type: 'AWS::Lambda::Function', Metadata: { 'aws:cdk:path': 'Relay/Deep/Worker/Resource' } },
    Machine: { Type: 'AWS::StepFunctions::StateMachine' },
    Key: { Type: 'AWS::SecretsManager::Secret' },
    Sometimes: { Type: 'AWS::Events::EventBus', Condition: 'InEurope' },
    Exotic: { Type: 'AWS::Exotic::Thing' },
  },
  Parameters: {
    Size: { Type: 'String', Default: 'large' },
    Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/some/path' },
  },
  Outputs: { TheTable: { Value: { Ref: 'Table' } } },
});

const resolve = (value: unknown) => stack.resolve(value, 'Somebody');

it('names resources as a deployment would, and keeps names that were given', () => {
  expect(resolve({ Ref: 'Table' })).toBe('Relay-Table');
  expect(resolve({ Ref: 'Named' })).toBe('my-table');
  expect(resolve({ 'Fn::GetAtt': ['Worker', 'Arn'] })).toBe(
    'arn:aws:lambda:us-east-1:000000000000:function:Relay-Worker',
  );
  expect(resolve({ Ref: 'Machine' })).toBe('arn:aws:states:us-east-1:000000000000:stateMachine:Relay-Machine');
  expect(resolve({ Ref: 'Key' })).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:Relay-Key-/);
});

it('resolves functions inside of functions, lists and objects', () => {
  expect(resolve({ list: [{ 'Fn::Join': ['-', ['a', { Ref: 'Size' }, { Ref: 'AWS::StackName' }]] }], n: 1 })).toEqual({
    list: ['a-large-Relay'],
    n: 1,
  });
  expect(
    resolve({ 'Fn::Sub': 'arn:${AWS::Partition}:x:${AWS::Region}:${AWS::AccountId}:${Table}/${Named.Arn}/${!left}' }),
  ).toBe('arn:aws:x:us-east-1:000000000000:Relay-Table/arn:aws:dynamodb:us-east-1:000000000000:table/my-table/${left}');
  expect(resolve({ 'Fn::Sub': ['${own}-${Table}', { own: { Ref: 'Size' } }] })).toBe('large-Relay-Table');
  expect(resolve({ 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] })).toBe('b');
});

it('leaves objects alone that only look a little like functions', () => {
  expect(resolve({ Ref: 'Table', Other: 1 })).toEqual({ Ref: 'Table', Other: 1 });
  expect(resolve({ Refuse: 'Table' })).toEqual({ Refuse: 'Table' });
});

it.each([
  [{ 'Fn::ImportValue': 'x' }, 'Somebody uses Fn::ImportValue'],
  [{ 'Fn::If': ['InEurope', 1, 2] }, 'Somebody uses Fn::If'],
  [{ Ref: 'Nobody' }, 'Somebody refers to Nobody'],
  [{ Ref: 'Stored' }, 'Somebody refers to Stored'],
  [{ 'Fn::Sub': '${Nobody}' }, 'Somebody refers to Nobody'],
  [{ 'Fn::GetAtt': ['Exotic', 'Arn'] }, 'the attribute Arn of Exotic (AWS::Exotic::Thing)'],
])('refuses %j by name', (value, message) => {
  expect(() => resolve(value)).toThrow(TemplateError);
  expect(() => resolve(value)).toThrow(message);
});

it('refuses the properties of a resource that depends on a condition', () => {
  expect(() => stack.resource('Sometimes').properties()).toThrow(
    'Sometimes (AWS::Events::EventBus) depends on the condition InEurope',
  );
});

it('knows where a resource is in the construct tree', () => {
  expect(stack.resource('Worker').path).toBe('Relay/Deep/Worker');
  expect(stack.resource('Table').path).toBe('Table');
});

it('resolves the outputs of the stack that is deployed', async () => {
  expect(stack.outputs()).toEqual({ TheTable: 'Relay-Table' });
  const { stackName, template } = await testAssembly();
  expect(new LocalStack(stackName, template).outputs().StateMachineArn).toMatch(
    /^arn:aws:states:us-east-1:000000000000:stateMachine:/,
  );
});
