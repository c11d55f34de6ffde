import { expect, it } from 'vitest';
import { TemplateError } from '../../../local/template/template.ts';
import { checkDefinition, type Definition, type StateDefinition } from '../../../local/workflow/definition.ts';

const work = 'arn:aws:lambda:us-east-1:000000000000:function:work';
const task: StateDefinition = { Type: 'Task', Resource: work, TimeoutSeconds: 60, End: true };

const check = (state: StateDefinition, more: Partial<Definition> = {}) =>
  checkDefinition('Machine', { StartAt: 'Only', States: { Only: state }, ...more }, new Set([work]));

it('accepts a task of the template with a timeout', () => {
  expect(() => check(task)).not.toThrow();
  expect(() => check(task, { QueryLanguage: 'JSONPath', TimeoutSeconds: 43_200 })).not.toThrow();
});

it.each<[string, StateDefinition, Partial<Definition>, string]>([
  ['JSONata', task, { QueryLanguage: 'JSONata' }, 'the definition is in JSONata'],
  ['JSONata in one state', { ...task, QueryLanguage: 'JSONata' }, {}, 'the state Only is not in JSONPath'],
  ['Assign', { ...task, Assign: { a: 1 } }, {}, 'the state Only uses Assign'],
  ['a task without a timeout', { Type: 'Task', Resource: work, End: true }, {}, 'the state Only has no TimeoutSeconds'],
  ['a heartbeat', { ...task, HeartbeatSeconds: 5 }, {}, 'the state Only has HeartbeatSeconds'],
  [
    'a function of somebody else',
    { ...task, Resource: `${work}2` },
    {},
    `the state Only calls ${work}2, for which there is no adapter`,
  ],
  [
    'an integration',
    { ...task, Resource: 'arn:aws:states:::dynamodb:putItem' },
    {},
    'the state Only calls arn:aws:states:::dynamodb:putItem',
  ],
  ['a state type without adapter', { Type: 'Map', End: true }, {}, 'the state Only is a Map state'],
  [
    'a wait that Node cannot wait',
    { Type: 'Wait', Seconds: 2_147_484, End: true },
    {},
    'the state Only waits longer than',
  ],
  ['a timeout that Node cannot wait', task, { TimeoutSeconds: 9_999_999 }, 'TimeoutSeconds is longer than'],
  [
    'IsPresent: false',
    { Type: 'Choice', Choices: [{ And: [{ Variable: '$.a', IsPresent: false }], Next: 'Only' }] },
    {},
    'the state Only tests IsPresent: false, which the interpreter never finds true: say it with Not',
  ],
  [
    'IsNull: false',
    { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: false, Next: 'Only' }] },
    {},
    'the state Only tests IsNull: false',
  ],
])('refuses %s, which would run differently here', (_what, state, more, message) => {
  expect(() => check(state, more)).toThrow(TemplateError);
  expect(() => check(state, more)).toThrow(`Machine (AWS::StepFunctions::StateMachine): ${message}`);
});
