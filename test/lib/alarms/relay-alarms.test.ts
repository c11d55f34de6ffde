import { beforeAll, describe, expect, it } from 'vitest';
import { metricNames, metricNamespace, outputNames } from '../../../lambdas/contract.ts';
import type { CloudFormationTemplate } from '../../../local/template/template.ts';
import { testAssembly } from '../../support/assembly.ts';
import { type AlarmProperties, type AlarmState, metricsOf, type Points, stateOf } from '../../support/cloud-watch.ts';

let template: CloudFormationTemplate;
/** By name: the last part of the address that each gives. */
let alarms: Map<string, AlarmProperties>;
beforeAll(async () => {
  ({ template } = await testAssembly());
  const found = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties as unknown as AlarmProperties);
  alarms = new Map(found.map((alarm) => [alarm.AlarmDescription.split('#').at(-1) ?? '', alarm]));
});

type Data = Readonly<Record<string, Points>>;
const _ = undefined;
const silence: Points = [_, _, _, _, _, _];
/** The alarms that are on. */
const goingOff = (data: Data, before?: AlarmState) =>
  [...alarms].filter(([, alarm]) => stateOf(alarm, (metric) => data[metric] ?? silence, before) === 'ALARM');
const namesOf = (found: [string, AlarmProperties][]) => found.map(([name]) => name);

const zeros: Points = [0, 0, 0, 0, 0, 0];
const ones: Points = [1, 1, 1, 1, 1, 1];
/** What a relay says of itself while it sweeps, and of its functions while they are called. */
const quiet: Data = {
  'OpenReveals SampleCount': ones,
  'UnhealedReveals Sum': zeros,
  'RevealsWaitingForKey Maximum': zeros,
  'RevealsWaitingForCredits Maximum': zeros,
  'OverdueReveals Maximum': zeros,
  'Errors Sum': zeros,
  'Throttles Sum': zeros,
};
const busy: Data = {
  ...quiet,
  'VendorFailures Average': [0.02, 0, 0, 0.01, 0, 0],
  'RevealsEndedWithoutResult Sum': [3, 0, 9, 2, 4, 1],
  'RevealsEndedWithoutResult Average': [0.1, 0, 0.15, 0.05, 1, 0.5],
  '5xx Sum': [0, 1, 0, 0, 2, 0],
  'Throttles Sum': [0, 0, 0, 40, 5, 0],
};

describe('the alarms', () => {
  it('are all off right after the deployment, before anything has been said', () => {
    expect(namesOf(goingOff({}))).toEqual([]);
  });

  it('are all off after the first sweeps, with an empty key and no reveal that waits for it', () => {
    for (let swept = 1; swept < 6; swept += 1) {
      const since = Array.from({ length: 6 }, (_empty, at) => (at >= 6 - swept ? 1 : _));
      const first = Object.fromEntries(
        Object.entries(quiet).map(([name, points]) => [name, points.map((point, at) => since[at] && point)]),
      );
      expect(namesOf(goingOff(first))).toEqual([]);
    }
  });

  it('are all off while nothing is asked of a relay, and while a healthy one is busy', () => {
    expect(namesOf(goingOff(quiet))).toEqual([]);
    expect(namesOf(goingOff(busy))).toEqual([]);
  });

  it.each<[string, Data]>([
    ['keyunusable', { 'RevealsWaitingForKey Maximum': [0, 0, 0, 0, 1, 3] }],
    ['outofcredits', { 'RevealsWaitingForCredits Maximum': [0, 0, 0, 0, 200, 180] }],
    ['vendorfailing', { 'VendorFailures Average': [0, 0, 0, 0, 0.6, 1] }],
    [
      'noresults',
      {
        'RevealsEndedWithoutResult Sum': [0, 0, 0, 0, 0, 5],
        'RevealsEndedWithoutResult Average': [0, 0, 0, 0, 0, 0.2],
      },
    ],
    ['unknownstarts', { 'UnknownStarts Sum': [0, 0, 0, 0, 0, 1] }],
    ['backlog', { 'OverdueReveals Maximum': [0, 0, 0, 1, 4, 9] }],
    ['handlersthrottled', { 'Throttles Sum': [0, 0, 0, 20, 20, 20] }],
    ['handlererrors', { 'Errors Sum': [0, 0, 0, 0, 0, 5] }],
    ['apifailing', { '5xx Sum': [0, 0, 0, 0, 0, 5] }],
    ['eventsdropped', { 'FailedInvocations Sum': [_, _, _, _, _, 1] }],
    ['eventsdropped', { 'InvocationsFailedToBeSentToDlq Sum': [_, _, _, _, _, 1] }],
    ['eventsdropped', { 'DestinationDeliveryFailures Sum': [_, _, _, _, _, 1] }],
    ['deadletters', { 'ApproximateNumberOfMessagesVisible Maximum': [0, 0, 0, 0, 0, 1] }],
    ['unhealed', { 'UnhealedReveals Sum': [0, 0, 0, 1, 1, 1] }],
    ['executionscutoff', { 'ExecutionsTimedOut Sum': [_, _, _, _, _, 1] }],
  ])('%s goes off when its time has come, and no sooner', (name, data) => {
    expect(namesOf(goingOff({ ...quiet, ...data }))).toContain(name);
    const sooner = Object.fromEntries(
      Object.entries(data).map(([metric, points]) => [metric, [0, ...points.slice(0, -1)]]),
    );
    expect(namesOf(goingOff({ ...quiet, ...sooner }))).not.toContain(name);
  });

  it('sweepmissing goes off when there was no sweep for a quarter of an hour, and stays on until there is one again', () => {
    const swept = (points: Points, before: AlarmState) =>
      namesOf(goingOff({ ...quiet, 'OpenReveals SampleCount': points }, before)).includes('sweepmissing');
    // A sweep that begins a little late leaves a period out and has its report in the next one.
    expect(swept([1, 1, _, 2, _, 1], 'OK')).toBe(false);
    expect(swept([1, 1, 1, 1, _, _], 'OK')).toBe(false);
    expect(swept([1, 1, 1, _, _, _], 'OK')).toBe(true);
    expect(swept(silence, 'ALARM')).toBe(true);
    expect(swept([_, _, _, _, _, 1], 'ALARM')).toBe(false);
  });

  it('say in a sentence what to do, and where more about it stands', () => {
    for (const { AlarmDescription } of alarms.values()) {
      expect(AlarmDescription).toMatch(/^[A-Z].{20,}\. docs\/operations\.md#[a-z]+$/);
    }
  });

  it('look at ten metrics at the most, each, as CloudWatch has it', () => {
    for (const alarm of alarms.values()) expect(metricsOf(alarm).length).toBeLessThanOrEqual(10);
  });

  it('look at every function', () => {
    const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function').length;
    for (const name of ['handlersthrottled', 'handlererrors']) {
      expect(metricsOf(alarms.get(name) as AlarmProperties)).toHaveLength(functions);
    }
  });

  it('look at the rule on a bus of our own under the names of both', () => {
    const dimensions = metricsOf(alarms.get('eventsdropped') as AlarmProperties)
      .filter(({ namespace }) => namespace === 'AWS/Events')
      .map(({ Dimensions = [] }) => Dimensions.map(({ Name }) => Name).toSorted());
    expect(dimensions).toEqual([
      ['RuleName'],
      ['EventBusName', 'RuleName'],
      ['RuleName'],
      ['EventBusName', 'RuleName'],
    ]);
  });
});

it('tells one relay from another by the name of its table, in every figure of its own', () => {
  const ours = [...alarms.values()].flatMap(metricsOf).filter(({ namespace }) => namespace === metricNamespace);
  expect(ours.length).toBeGreaterThan(5);
  const table = template.Outputs?.[outputNames.revealsTable]?.Value;
  for (const { Dimensions } of ours) expect(Dimensions).toEqual([{ Name: 'service', Value: table }]);
});

it('measures ten things of its own, which CloudWatch gives away, and what is spent', () => {
  expect(Object.keys(metricNames).length).toBeLessThanOrEqual(11);
});
