import { expect, it } from 'vitest';
import { testAssembly } from '../support/assembly.ts';

/**
 * CloudFormation replaces what has a new logical id: an update would leave the table with everybody's results behind, empty the
 * secret, and cut off whoever listens on the bus or starts the state machine by its name.
 */
it('keeps the logical ids of what an update must not replace', async () => {
  const { template } = await testAssembly();
  const stateful = [
    'AWS::DynamoDB::GlobalTable',
    'AWS::Events::EventBus',
    'AWS::SecretsManager::Secret',
    'AWS::SQS::Queue',
    'AWS::StepFunctions::StateMachine',
  ];
  const ids = stateful.map((type) => [
    type,
    Object.entries(template.Resources).flatMap(([logicalId, { Type }]) => (Type === type ? logicalId : [])),
  ]);
  expect(Object.fromEntries(ids)).toEqual({
    'AWS::DynamoDB::GlobalTable': ['RelayRevealsF1012AC0', 'RelayPollBudget1372FEC3'],
    'AWS::Events::EventBus': ['RelayBus185BE8DD'],
    'AWS::SecretsManager::Secret': ['RelayApiKeyF23B0391'],
    'AWS::SQS::Queue': ['RelayDeadLettersE575D4AA'],
    'AWS::StepFunctions::StateMachine': ['RelayWorkflowStateMachineE7B9CEC8'],
  });
});
